"""Which territory each row is, and what two rows can not be together."""

import pytest

from cdppe_analysis.errors import CdppeError, TerritoryError


def test_a_département_twice_is_refused_with_both_places(read):
    with pytest.raises(TerritoryError, match=r"'Ain' is given twice, at l\. 2 and at l\. 4"):
        read("Département;Montant", "Ain;1 €", "Lot;2 €", "Ain;3 €")


def test_a_whole_beside_its_parts_is_refused(read):
    with pytest.raises(TerritoryError, match="'Corse' stands beside its parts Corse-du-Sud and Haute-Corse"):
        read("Département;Montant", "Corse-du-Sud;1 €", "Haute-Corse;2 €", "Corse;3 €", "Nord;3 €")


def test_the_métropole_de_lyon_after_69_makes_the_rhône_without_it(read, figures):
    annex = read("Code;Département;Montant", "69;Rhône;1 €", ";Métropole de Lyon;2 €", "71;Saône-et-Loire;3 €")
    assert figures(annex) == {"69D": (1,), "69M": (2,), "71": (3,)}
    said = annex.remarks[0]
    assert (said.place, said.kind, said.text) == ("l. 2", "nom", "Rhône")


def test_a_code_that_is_not_that_of_its_name_is_refused(read):
    with pytest.raises(TerritoryError, match="the code '64' printed beside 'Aisne' is not its code, '02'"):
        read("Code;Département;Montant", "01;Ain;1 €", "64;Aisne;2 €", "03;Allier;3 €")


@pytest.mark.parametrize("codes", [("02", "03", "04"), ("2", "3", "4"), ("08", "14", "29")])
def test_codes_all_of_which_slid_by_some_rows_are_refused(read, codes):
    with pytest.raises(TerritoryError, match=f"the code '{codes[0]}' printed beside 'Ain' is not its code, '01'"):
        read("Code;Département;Montant", f"{codes[0]};Ain;1 €", f"{codes[1]};Aisne;2 €", f"{codes[2]};Allier;3 €")


def test_a_code_of_région_that_is_not_that_of_its_row_is_refused(read):
    with pytest.raises(TerritoryError, match="the code '84' beside 'Nord' is not that of its région, '32'"):
        read("REG;Nom;M", "84;Ain;1 €", "32;Aisne;2 €", "84;Allier;3 €", "84;Nord;4 €")


@pytest.mark.parametrize(("rows", "refused"), [(3, False), (4, True)])
def test_a_code_of_région_is_held_where_fewer_than_a_third_are_others(read, rows, refused):
    """Those of before 2016 are all others; one in four is a fault."""
    lines = ["22;02;Aisne;1 €", "84;01;Ain;2 €", "76;46;Lot;3 €", "28;27;Eure;4 €"][:rows]
    if refused:
        with pytest.raises(TerritoryError, match="the code '22' beside 'Aisne' is not that of its région, '32'"):
            read("Code région;Code;Département;Montant", *lines)
    else:
        assert len(read("Code région;Code;Département;Montant", *lines).table.rows) == rows


@pytest.mark.parametrize("codes", [("28", "53", "94"), ("28", "94", "32")])
def test_codes_of_régions_all_of_which_slid_are_refused(read, codes):
    with pytest.raises(TerritoryError, match="the code '28' beside 'Bretagne' is not that of its région, '53'"):
        read(
            "Code région;Région;Places",
            f"{codes[0]};Bretagne;1",
            f"{codes[1]};Corse;2",
            f"{codes[2]};Hauts-de-France;3",
        )


def test_an_amount_that_slid_to_the_place_of_a_code_is_refused(read):
    rows = [f"{rank};{rank} k€;0{rank}001;Lieu {chr(96 + rank)}b" for rank in range(1, 10)] * 2
    rows = [row.replace("001;Lieu", "002;Bourg") if rank > 8 else row for rank, row in enumerate(rows)]
    with pytest.raises(TerritoryError, match="the code '424k€' of '2A404' is not of 5 letters and figures") as told:
        read("Places;Crédits;Code;Commune", *rows, "35;12;424 k€;2A404")
    assert told.value.cell == "l. 20"


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        # Totals and parts may come again; so may an unknown name with other figures.
        ("Dép.;M (€) ⏎ Ain;1 ⏎ dont A;1 ⏎ Lot;2 ⏎ dont A;1 ⏎ Total;3 ⏎ Total;3",
         "01: 1 · dont A: 1 · 46: 2 · dont A: 1 · Total: 3 · Total: 3"),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nord;7 ⏎ Zone;1 ⏎ Zone;2", "01: 1 · 46: 2 · 59: 7 · Zone: 1 · Zone: 2"),
        ("Dép.;M (€) ⏎ Rhône;1 ⏎ Ain;2", "69: 1 · 01: 2"),
        ("Code;Dép.;M (€) ⏎ 69;Rhône;1 ⏎ 69M;Métropole de Lyon;2", "69D: 1 · 69M: 2"),
        ("Code;Dép.;M (€) ⏎ 69D;Rhône;1 ⏎ 01;Ain;2", "69D: 1 · 01: 2"),
        ("Code;Dép.;M (€) ⏎ 69M;Rhône;1 ⏎ 69D;Rhône;2", "69M: 1 · 69D: 2"),
        ("Dép.;M (€) ⏎ 69D - Rhône;1 ⏎ Ain;2", "69D: 1 · 01: 2"),
        ("Code;Dép.;M (€) ⏎ 69;Rhône;1 ⏎ 69;Métropole Lyon;2", "69D: 1 · 69M: 2"),
        # Codes of Corse as one or of one of its two, of a whole by its parts.
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 2A et 2B;Corse;2 ⏎ 03;Allier;3", "01: 1 · 20: 2 · 03: 3"),
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 2A;Corse;2 ⏎ 03;Allier;3", "01: 1 · 20: 2 · 03: 3"),
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 20;Haute-Corse;2 ⏎ 03;Allier;3", "01: 1 · 2B: 2 · 03: 3"),
        ("Code;Dép.;M (€) ⏎ 971;Guadeloupe;1 ⏎ 01;Ain;2 ⏎ 974;La Réunion;3 ⏎ 69M;Métropole de Lyon;4",
         "971: 1 · 01: 2 · 974: 3 · 69M: 4"),
        ("Dép.;M (€) ⏎ 971 Guadeloupe;1 ⏎ La Réunion (974);2 ⏎ 976 Mayotte;4", "971: 1 · 974: 2 · 976: 4"),
        # A second column of names: of the same, of few, of what was before or is new, or that comes back.
        ("Région;M (€);Nom ⏎ Grand Est;1;ARS Grand Est ⏎ Normandie;2;ARS Normandie", "44: 1 · 28: 2"),
        ("Région;M (€);Nom ⏎ Grand Est;1;Alsace ⏎ Normandie;2;Alsace", "44: 1 · 28: 2"),
        ("Région;M (€);Ancienne région ⏎ Grand Est;1;Alsace ⏎ Normandie;2;Basse-Normandie", "44: 1 · 28: 2"),
        ("Région;M (€);Nouvelle région ⏎ Alsace;1;Grand Est ⏎ Picardie;2;Hauts-de-France", "42: 1 · 22: 2"),
        ("Région;M (€);Région actuelle ⏎ Alsace;1;Grand Est ⏎ Picardie;2;Hauts-de-France", "42: 1 · 22: 2"),
        ("Commune;M (€);Commune ⏎ Lille;1;Brest ⏎ Lens;2;Vannes ⏎ Loos;3; ⏎ Arras;3;",
         "Lille: 1 · Lens: 2 · Loos: 3 · Arras: 3"),
        ("Commune;M (€); ⏎ Lille;1;Brest ⏎ Lens;2;Vannes ⏎ Loos;3;Dole", "Lille: 1 · Lens: 2 · Loos: 3"),
        # Codes of régions that lost their zero, or that are no code; of before 2016, where a third are others.
        ("Code région;Région;M (€) ⏎ 4;La Réunion;1 ⏎ 53;Bretagne;2", "04: 1 · 53: 2"),
        ("Code région;Région;M (€) ⏎ 99;La Réunion;1 ⏎ 53;Bretagne;2 ⏎ 94;Corse;2", "04: 1 · 53: 2 · 94: 2"),
        ("Code région;Région;M (€) ⏎ 53;Bretagne;2 ⏎ 94;Corse;2 ⏎ 42;Grand Est;3", "53: 2 · 94: 2 · 44: 3"),
        ("Région;Dép.;M (€) ⏎ Alsace;Ain;1 ⏎ Bourgogne;Yonne;2", "01: 1 · 89: 2"),
        ("Code région;Région;M (€) ⏎ 53;Bretagne;1 ⏎ 94;Corse;2 ⏎ 11;Zone;4", "53: 1 · 94: 2 · Zone: 4"),
        ("Lieu;M (€);Autre ⏎ Bretagne;1;Corse ⏎ Normandie;2;Bretagne ⏎ Corse;4;Normandie", "53: 1 · 28: 2 · 94: 4"),
        # Codes of units of another length: one of three, two of five, or none of the length of communes.
        ("FINESS;Nom;M (€) ⏎ 010000123;Foyer;1 ⏎ 010000124;Maison;1 ⏎ 0100;Nid;1",
         "010000123: 1 · 010000124: 1 · 0100: 1"),
        ("Code;Nom;M (€) ⏎ 59350;Lille;1 ⏎ 59351;Loos;1 ⏎ 59352;Lens;1 ⏎ 0100;Arras;1 ⏎ 0101;Calais;1",
         "59350: 1 · 59351: 1 · 59352: 1 · 0100: 1 · 0101: 1"),
        ("Code;Nom;M (€) ⏎ 0123;Foyer;1 ⏎ 0124;Maison;1 ⏎ 0125;Abri;1 ⏎ 01;Nid;1",
         "0123: 1 · 0124: 1 · 0125: 1 · 01: 1"),
    ],
)  # fmt: skip
def test_rows_that_are_of_one_territory_each_are_read(read, short, lines, rows):
    assert short(read(*lines.split(" ⏎ ")))[1] == rows


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Zone;1 ⏎ Zone;1", "'Zone' is given twice, at l. 4 and at l. 5", None),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ 01  Ain;2", "'01 Ain' is given twice, at l. 2 and at l. 3 (code 01)", None),
        ("Dép.;M (€) ⏎ Saint-Martin;1 ⏎ Ain;2 ⏎ Saint-Martin;3", "'Saint-Martin' is given twice", None),
        ("Dép.;M (€) ⏎ Nord;1 ⏎ Martinique;5 ⏎ Martinique;5", "'Martinique' is given twice, at l. 3 and at l. 4", None),
        ("D;M (€) ⏎ Bretagne;1 ⏎ Finistère;1 ⏎ Ain;2 ⏎ Lot;3 ⏎ Mayotte;5 ⏎ Mayotte;5", "is given twice, at l. 6", None),
        ("Code;Nom;M (€) ⏎ 59350;Lille;1 ⏎ 59350;Loos;1", "'Loos' is given twice, at l. 2 and at l. 3", None),
        ("Dép.;M (€) ⏎ 67 Bas-Rhin;2 ⏎ 6AE Alsace;1", "stands beside its parts Bas-Rhin: both would be", "l. 3"),
        ("Dép.;M (€) ⏎ Corse;1 ⏎ Ain;2 ⏎ Haute-Corse;3", "'Corse' stands beside its parts Haute-Corse", "l. 2"),
        ("Région;M (€);Nom ⏎ Grand Est;1;Alsace ⏎ Normandie;2;Basse-Normandie",
         "'Alsace' stands beside 'Grand Est': two columns, 'Région' and 'Nom', give names", "l. 2"),
        ("Région;M (€);Région d'origine ⏎ Corse;1;Corse ⏎ Alsace;1;Grand Est ⏎ Picardie;2;Hauts-de-France",
         "'Grand Est' stands beside 'Alsace': two columns, 'Région' and \"Région d'origine\", give names", "l. 3"),
        ("Région;M (€); ⏎ Bretagne;1;Corse ⏎ Normandie;2;Bretagne ⏎ Corse;3;Normandie",
         "'Corse' stands beside 'Bretagne': two columns, 'Région' and '', give names to the rows", "l. 2"),
        ("Lieu;M (€); ⏎ Bretagne;1;Corse ⏎ Normandie;2;Bretagne ⏎ Corse;4;Normandie",
         "'Corse' stands beside 'Bretagne': two columns, 'Lieu' and ''", "l. 2"),
        ("Commune;M (€);Commune ⏎ Lille;1;Brest ⏎ Lens;2;Vannes ⏎ Loos;3;Dole ⏎ Arras;3;",
         "'Brest' stands beside 'Lille': two columns", "l. 2"),
        ("Code région;Région;M (€) ⏎ 53;Bretagne;2 ⏎ 94;Corse;2 ⏎ 42;Grand Est;3 ⏎ 28;Normandie;4",
         "the code '42' beside 'Grand Est' is not that of its région, '44'", "l. 4"),
        ("Code région;Région;M (€) ⏎ 4;La Réunion;1 ⏎ 53;Bretagne;2 ⏎ 53;Corse;4",
         "the code '53' beside 'Corse' is not that of its région, '94'", "l. 4"),
        ("FINESS;Nom;M (€) ⏎ 010000123;Foyer;1 ⏎ 010000124;Maison;1 ⏎ 010000125;Abri;1 ⏎ 0100;Nid;1",
         "the code '0100' of 'Nid' is not of 9 letters and figures, as the others", "l. 5"),
        ("Code;Dép.;M (€) ⏎ 01;Ain;1 ⏎ 97;Mayotte;2 ⏎ 03;Allier;3", "the code '97' printed beside 'Mayotte'", "l. 3"),
        ("Dép.;M (€) ⏎ 02 Ain;1 ⏎ Lot;2", "the code '02' printed beside '02 Ain' is not its code, '01'", "l. 2"),
        ("Dép.;M (€) ⏎ Ain (46);1 ⏎ Lot;2", "the code '46' printed beside 'Ain (46)' is not its code", "l. 2"),
        ("Région;Dép.;M (€) ⏎ Bretagne;Ain;1 ⏎ Normandie;Eure;2", "'Ain' is no département of 'Bretagne'", "l. 2"),
    ],
)  # fmt: skip
def test_what_two_rows_can_not_be_together_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(CdppeError, lines, reason, place)


@pytest.mark.parametrize(
    ("code", "name", "own"),
    [
        ("67A", "Alsace (CeA)", "6AE"),
        ("20R", "Collectivité de Corse", "20"),
        ("972R", "Martinique", "972"),
        ("67", "Collectivité européenne d'Alsace", "6AE"),
        ("20", "Haute-Corse", "2B"),
        ("69", "Métropole de Lyon", "69M"),
        ("972", "Martinique", "972"),
        ("972", "Mayotte", ""),
        ("2A", "Haute-Corse", ""),
        ("69D", "Métropole de Lyon", ""),
    ],
)
def test_a_code_is_that_of_its_name_or_of_what_it_is_a_part_of(read, code, name, own):
    lines = "Code;Nom;M (€)", "57;Moselle;1", f"{code};{name};2", "88;Vosges;3"
    if own:
        assert read(*lines).table.rows[1].code == own
    else:
        with pytest.raises(TerritoryError, match=f"the code '{code}' printed beside '{name}' is not its code"):
            read(*lines)


@pytest.mark.parametrize("heading", ["Code", "Code INSEE", "Code région"])
def test_codes_of_two_régions_exchanged_are_refused(read, heading):
    lines = f"{heading};Région;M (€)", "84;Auvergne-Rhône-Alpes;3", "53;Corse;4", "94;Bretagne;5", "11;Île-de-France;6"
    with pytest.raises(TerritoryError, match="the code '53' beside 'Corse' is not that of its région"):
        read(*lines)


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        (["59350;Lille;59;3", "59512;Roubaix;62;4", "59599;Loos;59;5", "59001;Agny;59;6"], "62"),
        (["290001234;IME A;Finistère;4", "560004321;IME B;Finistère;8", "290005678;IME C;Finistère;2",
          "290005679;IME D;Finistère;2"], "Finistère"),
        (["97411;Saint-Denis;974;3", "2A004;Ajaccio;2A;4", "2B033;Bastia;20;5", "69123;Lyon;69M;6"], ""),
    ],
)  # fmt: skip
def test_a_unit_under_a_code_of_another_département_than_its_own_is_refused(read, lines, odd):
    if odd:
        with pytest.raises(TerritoryError, match=f"'{odd}' stands beside .* begins as those of another département"):
            read("Code;Nom;Dép.;Places", *lines)
    else:
        assert len(read("Code;Nom;Dép.;Places", *lines).table.rows) == 4


def test_the_rhône_beside_both_its_parts_is_refused_as_the_whole(read):
    with pytest.raises(TerritoryError, match="'Rhône' stands beside its parts Rhône \\(hors Métropole de Lyon\\) and"):
        read("Code;Dép.;M (€)", "69;Département du Rhône;3", "69D;Nouveau Rhône;1", "69M;Métropole de Lyon;2")

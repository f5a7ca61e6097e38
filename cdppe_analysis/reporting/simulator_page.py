"""The page of the simulator: controls of ipywidgets on one side, results on the other, served by Voilà.

A move of a control makes another choice; amounts, map and figures follow at once, the band and the files a moment
later, so that a move is never slow. A choice without a solution is explained above the results, which stay those of
the last possible choice. The state of a page lives in its own kernel: readers do not see each other.
"""

from __future__ import annotations

import asyncio
import dataclasses
from fractions import Fraction
from functools import partial
from typing import Any

import ipywidgets as widgets

from cdppe_analysis.errors import CdppeError, TerritoryError
from cdppe_analysis.reporting import live_map, telling
from cdppe_analysis.reporting.choice import LARGEST_FILE, Choice, read_scenario, with_weight
from cdppe_analysis.reporting.misfit import Impossible
from cdppe_analysis.reporting.simulator import Band, Laboratory, Outcome
from cdppe_analysis.tables.amounts import read_amount
from cdppe_analysis.territories import CORSE, DEPARTEMENTS, components, departement
from cdppe_analysis.territories.names import recognise_departement
from cdppe_analysis.typography import euros, typeset

PAUSE = 0.15
"""Seconds without a move before the band and the files are made."""

SEED = 2020
"""Seed of the draws of the band: the same choice shows the same band to everybody."""

_OWN_LIST = "Choisis un à un"


class SimulatorPage:
    """The controls and the results, bound together.

    Parameters
    ----------
    laboratory
        The rules and series.
    rule
        The rule to start from.
    """

    def __init__(self, laboratory: Laboratory, rule: str) -> None:
        self.laboratory = laboratory
        self.choice: Choice = laboratory.official(rule)
        self.outcome: Outcome = self._evaluated(self.choice)
        self.band: Band | None = None
        self._quiet = False
        self._later: asyncio.TimerHandle | None = None
        self._drawn: tuple[str, ...] = ()
        self._make_controls(rule)
        self._make_results()
        self._show_choice()
        self.refresh()
        self.deepen()

    def refresh(self) -> None:
        """Compute the choice and show what it gives, or why it is not possible."""
        found = self.laboratory.evaluate(self.choice)
        problem = found if isinstance(found, Impossible) else None
        if isinstance(found, Outcome):
            self.outcome, self.band = found, None
        outcome = self.outcome
        self.alert.value = telling.alert(problem, outcome)
        self.results.remove_class("perime")
        if problem is not None:
            self.results.add_class("perime")
            return
        self.summary.value = telling.summary(outcome, self.laboratory.base)
        self._draw_map()
        self.bars.value = telling.bars(outcome, None)
        self.measures.value = telling.measures(outcome)
        self._list_territories()
        self._explain()

    def deepen(self) -> None:
        """Draw the band and write the files of the last possible choice."""
        self._later = None
        self.band = self.laboratory.band(self.outcome, SEED)
        self.bars.value = telling.bars(self.outcome, self.band)
        self._explain()
        self.files.value = telling.files(self.outcome, self.band, self.laboratory.base)

    def choose(self, choice: Choice) -> None:
        """Take another choice, show it in the controls, and compute it."""
        rule_changed = choice.regle != self.choice.regle or {n for n, _ in choice.poids} != {
            n for n, _ in self.choice.poids
        }
        self.choice = choice
        if rule_changed:
            self._make_weights()
        self._show_choice()
        self.refresh()
        self._deepen_later()

    def load(self, name: str, content: bytes) -> None:
        """Read a scenario file; what is wrong with it is told, and nothing then changes."""
        try:
            choice = read_scenario(content, name, self.laboratory.base)
        except CdppeError as error:
            self.alert.value = telling.refused(name, str(error))
            return
        self.choose(choice)

    def _make_controls(self, rule: str) -> None:
        rules = self.laboratory.base.rules
        self.rule = widgets.Dropdown(
            options=[(typeset(one.titre), name) for name, one in rules.items()],
            value=rule,
            description="Règle de départ",
        )
        self.weights_box = widgets.VBox()
        self._make_weights()
        self.envelope = self._amount("Enveloppe")
        self.floor = self._amount("Minimum par bénéficiaire (vide : aucun)")
        self.cap = self._amount("Maximum par bénéficiaire (vide : aucun)")
        self.guarantee = widgets.Checkbox(description="Garantie sur le montant officiel", indent=False)
        self.least = widgets.BoundedFloatText(min=0, max=1000, step=1, description="Au moins (%)")
        self.most = widgets.BoundedFloatText(min=0, max=1000, step=1, description="Au plus (%)")
        self.bounds = widgets.HBox([self.least, self.most]).add_class("bornes")
        self.beneficiaries = widgets.Dropdown(description="Bénéficiaires")
        self.added = self._unit("Ajouter un bénéficiaire")
        self.removed = self._unit("Retirer un bénéficiaire")
        self.official = widgets.Button(description="Revenir à la règle officielle")
        self.upload = widgets.FileUpload(accept=".yml,.yaml", multiple=False, description="Charger un scénario")
        self.files = widgets.HTML()
        self.rule.observe(self._rule_moved, "value")
        for control, path in ((self.envelope, "enveloppe"), (self.floor, "plancher"), (self.cap, "plafond")):
            control.observe(partial(self._amount_moved, control, path), "value")
        for control in (self.guarantee, self.least, self.most):
            control.observe(self._guarantee_moved, "value")
        self.beneficiaries.observe(self._beneficiaries_moved, "value")
        for unit in (self.added, self.removed):
            unit.observe(partial(self._unit_moved, unit), "value")
        self.official.on_click(lambda _: self.choose(self.laboratory.official(self.rule.value)))
        self.upload.observe(self._uploaded, "value")
        self.controls = widgets.VBox(
            [
                self.rule,
                self.official,
                _heading("Poids des critères, 100\u202f% en tout"),
                self.weights_box,
                _heading("Argent et bornes"),
                self.envelope,
                self.floor,
                self.cap,
                self.guarantee,
                self.bounds,
                self.beneficiaries,
                self.added,
                self.removed,
                self.upload,
                self.files,
            ]
        ).add_class("commandes")

    def _make_weights(self) -> None:
        self.sliders: dict[str, widgets.FloatSlider] = {}
        self.numbers: dict[str, widgets.BoundedFloatText] = {}
        rows = []
        for name, _ in self.choice.poids:
            title = self._criterion_title(name)
            slider = widgets.FloatSlider(min=0, max=100, step=0.5, readout=False, description=title)
            exact = widgets.BoundedFloatText(min=0, max=100, step=0.1, description=f"{title}, en %")
            slider.observe(partial(self._weight_moved, name), "value")
            exact.observe(partial(self._weight_moved, name), "value")
            self.sliders[name], self.numbers[name] = slider, exact
            rows.append(widgets.HBox([slider, exact]).add_class("poids"))
        self.weights_box.children = rows

    def _make_results(self) -> None:
        self.alert = widgets.HTML().add_class("alerte")
        self.summary = widgets.HTML().add_class("resume")
        self.map = widgets.HTML().add_class("fond-de-carte")
        self.looks = widgets.HTML().add_class("aspects")
        self.legend = widgets.HTML()
        self.bars = widgets.HTML()
        self.measures = widgets.HTML()
        self.territory = widgets.Dropdown(description="Pourquoi ce montant ?")
        self.territory.observe(lambda _: None if self._quiet else self._explain(), "value")
        self.explanation = widgets.HTML().add_class("explication")
        self.results = widgets.VBox(
            [
                self.summary,
                widgets.HBox(
                    [
                        widgets.VBox([_heading("Ce qui change, en % du montant officiel"), self.map, self.legend]),
                        widgets.VBox([self.territory, self.explanation]),
                    ]
                ).add_class("deux"),
                self.bars,
                self.measures,
                self.looks,
            ]
        ).add_class("resultats")
        self.widget = widgets.HBox([self.controls, widgets.VBox([self.alert, self.results]).add_class("droite")])
        self.widget.add_class("simulateur")

    def _amount(self, description: str) -> widgets.Text:
        return widgets.Text(description=description, continuous_update=False)

    def _unit(self, description: str) -> widgets.Combobox:
        return widgets.Combobox(description=description, placeholder="nom ou code", continuous_update=False)

    def _criterion_title(self, name: str) -> str:
        rule = self.laboratory.base.rules[self.choice.regle]
        known = {criterion.id: criterion.titre for criterion in (*rule.criteres, *self.outcome.prepare.rule.criteres)}
        return typeset(known.get(name, name))

    def _show_choice(self) -> None:
        choice = self.choice
        self._quiet = True
        try:
            self.rule.value = choice.regle
            for name, weight in choice.poids:
                self.sliders[name].value = self.numbers[name].value = float(weight * 100)
            for control, value in (
                (self.envelope, choice.enveloppe),
                (self.floor, choice.plancher),
                (self.cap, choice.plafond),
            ):
                control.value = "" if value is None else euros(value, 0 if value.denominator == 1 else 2)
            self.guarantee.value = choice.garantie is not None
            least, most = choice.garantie or (Fraction(9, 10), Fraction(11, 10))
            self.least.value, self.most.value = float(least * 100), float(most * 100)
            self.bounds.layout.display = "grid" if self.guarantee.value else "none"
            options = self._lists()
            self.beneficiaries.options = options
            self.beneficiaries.value = choice.beneficiaires
            for control, codes in ((self.added, self._absent()), (self.removed, self.laboratory.codes(choice))):
                control.value, control.options = "", [_named(code) for code in codes]
        finally:
            self._quiet = False

    def _absent(self) -> tuple[str, ...]:
        """Return the codes that could be added: those that no beneficiary covers."""
        present = set(self.laboratory.codes(self.choice))
        covered = {part for code in present for part in components(code)}
        return tuple(code for code in (*DEPARTEMENTS, CORSE) if not covered & set(components(code)))

    def _lists(self) -> list[tuple[str, Any]]:
        titles = self.laboratory.list_titles
        counted = [
            (typeset(f"{titles[name]} ({len(codes)})"), name) for name, codes in self.laboratory.base.lists.items()
        ]
        chosen = self.choice.beneficiaires
        return counted if isinstance(chosen, str) else [*counted, (f"{_OWN_LIST} ({len(chosen)})", chosen)]

    def _draw_map(self) -> None:
        drawn = telling.drawn_units(self.outcome)
        if drawn != self._drawn:
            self.map.value, self._drawn = live_map.outlines(drawn), drawn
        self.looks.value, self.legend.value = telling.looks_and_legend(self.outcome)

    def _list_territories(self) -> None:
        codes = sorted({*self.outcome.allocation.finaux, *self.outcome.officielle.finaux})
        options = [(_named(code), code) for code in codes]
        if tuple(options) == tuple(self.territory.options):
            return
        self._quiet, kept = True, self.territory.value
        self.territory.options = options
        largest = max(self.outcome.allocation.finaux, key=lambda code: self.outcome.allocation.finaux[code])
        self.territory.value = kept if kept in codes else largest
        self._quiet = False

    def _explain(self) -> None:
        self.explanation.value = telling.explanation(self.outcome, self.territory.value, self.band)

    def _moved(self, **changes: Any) -> None:
        self.choose(dataclasses.replace(self.choice, **changes))

    def _rule_moved(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self.choose(self.laboratory.official(change["new"]))

    def _weight_moved(self, name: str, change: dict[str, Any]) -> None:
        if not self._quiet:
            share = Fraction(round(change["new"] * 10), 1000)
            self.choose(with_weight(self.choice, name, share))

    def _amount_moved(self, control: widgets.Text, path: str, change: dict[str, Any]) -> None:
        if self._quiet:
            return
        text = change["new"].strip()
        if not text and path != "enveloppe":
            self._moved(**{path: None})
            return
        try:
            self._moved(**{path: Fraction(read_amount(text))})
        except CdppeError:
            self.alert.value = telling.unreadable(control.description, text)

    def _guarantee_moved(self, _: dict[str, Any]) -> None:
        if not self._quiet:
            bounds = tuple(Fraction(round(control.value * 10), 1000) for control in (self.least, self.most))
            self._moved(garantie=bounds if self.guarantee.value else None)

    def _beneficiaries_moved(self, change: dict[str, Any]) -> None:
        if not self._quiet and change["new"] is not None:
            self._moved(beneficiaires=change["new"])

    def _unit_moved(self, control: widgets.Combobox, change: dict[str, Any]) -> None:
        text = change["new"].strip()
        if self._quiet or not text:
            return
        present = set(self.laboratory.codes(self.choice))
        try:
            code = _read_unit(text)
            if control is self.added and code not in self._absent():
                raise TerritoryError(f"{_named(code)} est déjà parmi les bénéficiaires")
            if control is self.removed and code not in present:
                raise TerritoryError(f"{_named(code)} n’est pas parmi les bénéficiaires")
        except TerritoryError as error:
            self.alert.value = telling.unknown_unit(control.description, text, error.message)
            return
        self._moved(beneficiaires=self.laboratory.listed(present ^ {code}))

    def _uploaded(self, change: dict[str, Any]) -> None:
        for given in change["new"]:
            if given["size"] > LARGEST_FILE:
                self.alert.value = telling.too_large(given["name"], given["size"])
            else:
                self.load(given["name"], bytes(given["content"]))
        if change["new"]:
            self.upload.value = ()

    def _deepen_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.deepen()
            return
        self._later = loop.call_later(PAUSE, self.deepen)

    def _evaluated(self, choice: Choice) -> Outcome:
        found = self.laboratory.evaluate(choice)
        assert isinstance(found, Outcome), "an official rule has a solution"
        return found


def simulator(rule: str = "ondam-ms-2020") -> widgets.Widget:
    """Return the page of the simulator, for a notebook.

    Parameters
    ----------
    rule
        Identifier of the rule to start from.
    """
    return SimulatorPage(Laboratory(), rule).widget


def _named(code: str) -> str:
    return typeset(f"{departement(code).libelle} ({code})")


def _read_unit(text: str) -> str:
    """Return the code of a unit that somebody wrote: its code, its name, or both."""
    written = text.rpartition("(")[2].rstrip(" )").upper()
    if written in DEPARTEMENTS or written == CORSE:
        return written
    return recognise_departement(text)


def _heading(text: str) -> widgets.HTML:
    return widgets.HTML(f"<h2>{text}</h2>")

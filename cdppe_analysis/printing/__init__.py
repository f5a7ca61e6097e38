"""What the pages share: the template, the foot that says from which data they were made, the PDF."""

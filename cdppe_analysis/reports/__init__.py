"""The site: every notebook executed and written as a report in HTML and PDF."""

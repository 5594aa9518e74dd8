"""What leaves as a file: certificates, reports, charts, workbooks."""

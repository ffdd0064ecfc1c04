"""Making courses in the browser: drafts of versions, arranged and written until they are published."""

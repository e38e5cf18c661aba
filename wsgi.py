"""What the production server loads; a fault of settings or of knowledge is told plainly, without a trace."""

import sys

from guide.app import create_app
from guide.errors import GuideError
from guide.understanding.understand import prepare
from guide.web.shared.guards import install_logs
from guide.web.shared.house import get_knowledge

install_logs()
try:
    app = create_app()
    with app.app_context():
        prepare(get_knowledge())  # the lexicon is read once, before the workers are born
except GuideError as error:
    sys.stderr.write(f"\n{error}\n")
    sys.exit(3)  # gunicorn stops instead of trying again

"""What the production server loads; a fault of settings or of knowledge is told plainly, without a trace."""

import sys

from guide.app import create_app
from guide.errors import GuideError
from guide.web.shared.guards import install_logs

install_logs()
try:
    app = create_app()
except GuideError as error:
    sys.stderr.write(f"\n{error}\n")
    sys.exit(3)  # gunicorn stops instead of trying again

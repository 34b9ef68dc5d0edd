"""The demo: an ordinary training script with capture on, and what can be asked of it afterwards."""

from begat.api.demo.demo import run as run
from begat.api.demo.demo import show as show

"""Pages of signing in and out, of passwords, and of one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from werkzeug import Response

from lms.accounts import accounts, credentials, links
from lms.accounts.forms import ChangePasswordForm, ForgotForm, NewPasswordForm, SignInForm
from lms.accounts.models import Account
from lms.core import i18n, jobs
from lms.core.db import session
from lms.core.errors import TooMany
from lms.core.i18n import _, lazy_
from lms.web import signin, throttle, transactions
from lms.web.guards import found, public, signed_in
from lms.web.throttle import limiter
from lms.web.ways_back import way_back

bp = Blueprint("accounts", __name__, template_folder="templates")

# A whole school shares one address, so an address may fail more often than a name.
PER_ADDRESS = "60 per 10 minutes"
PER_NAME = "10 per 15 minutes"


class TooManyTries(TooMany):
    code = "too_many_tries"
    message = lazy_(
        "Too many tries that did not fit. Wait 15 minutes, then try again. Pupils: ask your teacher for a new password. "
        "Staff: use “Forgot your password?” on the sign-in page."
    )


def _refuse(_limit: RequestLimit) -> None:
    raise TooManyTries()


def _did_not_fit(response: Response) -> bool:
    """Return whether a try counts: who gets in, gets in as often as wanted."""
    return response.status_code == 422


def _who_asks() -> str:
    return str(signin.actor().account_id)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_did_not_fit, on_breach=_refuse)
@limiter.limit(PER_NAME, key_func=throttle.who_is_named, methods=["POST"], deduct_when=_did_not_fit, on_breach=_refuse)
def sign_in() -> ResponseReturnValue:
    """Let somebody in by name and password."""
    target = way_back(request.args.get("next"))
    if request.method != "POST" and signin.maybe_actor():
        return redirect(target)
    form = SignInForm.from_request()
    if form.accepted():
        try:
            someone = _proven(form)
        except credentials.WrongCredentials as error:
            form.form_errors.append(str(error))
        else:
            signin.begin(someone)
            return redirect(target)
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


def _proven(form: SignInForm) -> signin.Actor:
    """Return whose name and password these are; nobody waits for the database while the password is checked."""
    with transactions.reading():
        claim = credentials.claim(form.username.data or "")
    proof = credentials.prove(claim, form.password.data or "")
    return credentials.admit(proof)


@bp.route("/sign-out", methods=["POST"])
@public
def sign_out() -> ResponseReturnValue:
    """End the session of this browser, whoever it is; also for a copy of its cookie."""
    if signin.maybe_actor() and (key := signin.session_key()):
        accounts.end_session(key)
    signin.end()
    return redirect(url_for(".sign_in"))


@bp.route("/me/sign-out-everywhere", methods=["POST"])
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End the sessions on all other devices."""
    account = _own_account()
    accounts.end_sessions(account)
    signin.begin(credentials.actor_of(account))
    flash(_("Signed out on all other devices."), "done")
    return redirect(url_for(".profile"))


@bp.route("/language/<language>", methods=["GET", "POST"])
@public
def set_language(language: str) -> ResponseReturnValue:
    """Switch the language: for this browser; on POST also for the account, for good."""
    found(i18n.LANGUAGES.get(language))
    cookie["language"] = language
    if request.method == "POST" and (someone := signin.maybe_actor()):
        accounts.choose_language(session.get_one(Account, someone.account_id), language)
        cookie.pop("language")
        i18n.use(language)
        flash(_("Pages and mails are in English from now on."), "done")
    return redirect(way_back(request.values.get("next")))


@bp.route("/me")
@signed_in
def profile() -> ResponseReturnValue:
    """Show what is known about one's own account."""
    return render_template("accounts/profile.html", actor=signin.actor(), account=_own_account(), languages=i18n.LANGUAGES)


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@limiter.limit("20 per 15 minutes", key_func=_who_asks, methods=["POST"], deduct_when=_did_not_fit, on_breach=_refuse)
def change_password() -> ResponseReturnValue:
    """Choose a new password; the present one is asked for, unless it was given out by somebody else."""
    account = _own_account()
    forced = account.must_change or account.password_hash is None
    form = (NewPasswordForm if forced else ChangePasswordForm).for_username(account.username)
    if form.accepted() and _knows_present(account, form):
        accounts.set_password(account, form.password.data or "")
        signin.begin(credentials.actor_of(account))
        flash(_("The new password is set. All other devices are signed out."), "done")
        return redirect("/" if forced else url_for(".profile"))
    return render_template("accounts/change_password.html", form=form, forced=forced, account=account), 422 if form.errors else 200


def _knows_present(account: Account, form: NewPasswordForm) -> bool:
    if not isinstance(form, ChangePasswordForm):
        return True
    if credentials.is_own(account, form.present.data or ""):
        return True
    form.present.errors = [_("This is not your present password.")]
    return False


@bp.route("/password/forgot", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"], on_breach=_refuse)
@limiter.limit("5 per hour", key_func=throttle.who_is_named, methods=["POST"], on_breach=_refuse)
def forgot() -> ResponseReturnValue:
    """Ask for a link by mail; the answer and the work are the same whether or not the name is known."""
    form = ForgotForm.from_request()
    if form.accepted():
        # Who writes the mail stands above us and follows the queue; a stranger's name makes the same row.
        jobs.add("notifications.reset", account_id=credentials.known(form.username.data or ""))
        return redirect(url_for(".forgot", sent=1))
    return render_template("accounts/forgot.html", form=form, sent="sent" in request.args), 422 if form.errors else 200


@bp.route("/password/reset/<secret>", methods=["GET", "POST"])
@public
def reset(secret: str) -> ResponseReturnValue:
    """Choose a new password by a link from a mail."""
    return _choose(secret, "reset")


@bp.route("/welcome/<secret>", methods=["GET", "POST"])
@public
def activate(secret: str) -> ResponseReturnValue:
    """Choose the first password by a link from a mail or slip, and be signed in."""
    return _choose(secret, "activate")


def _choose(secret: str, purpose: str) -> ResponseReturnValue:
    holder = links.holder(secret, purpose)
    form = NewPasswordForm.for_username(holder.username)
    if form.accepted():
        account = links.redeem(secret, purpose)
        accounts.set_password(account, form.password.data or "")
        signin.begin(credentials.arrive(account))
        flash(_("Your password is set. You are signed in as {username}.", username=account.username), "done")
        return redirect("/")
    return render_template("accounts/choose_password.html", form=form, account=holder, purpose=purpose), 422 if form.errors else 200


@bp.route("/card/<secret>", methods=["GET", "POST"])
@public
def card(secret: str) -> ResponseReturnValue:
    """Sign in with the QR code of a card or slip; only the button uses it up, so a preview does not."""
    if request.method != "POST":
        return render_template("accounts/card.html", account=links.holder(secret, "card"))
    account = links.redeem(secret, "card")
    if account.password_hash is None:
        # The code opens only once: without a password there would be no second time.
        account.must_change = True
    signin.begin(credentials.arrive(account))
    return redirect("/")


@bp.route("/card")
@public
def class_card() -> ResponseReturnValue:
    """Tell pupils how to come in with the card of their class."""
    return render_template("accounts/class_card.html", form=SignInForm.from_request())


@bp.route("/welcome")
@public
def first_time() -> ResponseReturnValue:
    """Tell staff how to come in for the first time."""
    return render_template("accounts/first_time.html")


def _own_account() -> Account:
    return session.get_one(Account, signin.actor().account_id)

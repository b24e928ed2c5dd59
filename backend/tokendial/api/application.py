"""What the commands need from the program: the one object behind both transports."""

from __future__ import annotations

from typing import Protocol

from tokendial.api.beside import BesideThePage
from tokendial.api.dialogs import Dialogs
from tokendial.api.events import EventHub
from tokendial.api.notices import Notices
from tokendial.api.tray import TrayHost
from tokendial.api.widget import Widget
from tokendial.services.contract.common import Empty
from tokendial.services.contract.dashboard import Dashboard, DashboardRequest, EventsPage, EventsRequest
from tokendial.services.contract.diagnostics import Diagnostics, RefusedLines, RefusedLinesRequest
from tokendial.services.contract.exports import ExportRequest
from tokendial.services.contract.homes import (
    ChosenFolder,
    HomeAddRequest,
    HomeBrowseRequest,
    HomeCheck,
    HomeCheckRequest,
    HomeClearRequest,
    HomeLoss,
    HomeRequest,
    Homes,
    HomeUpdateRequest,
    OfferedHomes,
)
from tokendial.services.contract.jobs import JobAnswer
from tokendial.services.contract.live import LiveSources, LiveSwitch
from tokendial.services.contract.prices import (
    PriceExport,
    PriceFile,
    PriceImportPreview,
    PriceImportRequest,
    PricePreview,
    PriceRules,
    Pricing,
)
from tokendial.services.contract.projects import ProjectNames, ProjectRename, Projects, ProjectsRequest
from tokendial.services.contract.prompts import Prompt, PromptRequest, PromptsPage, PromptsRequest
from tokendial.services.contract.providers import (
    ProviderDetail,
    ProviderRequest,
    Providers,
    ProviderSwitch,
    StatusLineDraft,
    StatusLinePreview,
)
from tokendial.services.contract.sessions import (
    FileRequest,
    SessionDetail,
    SessionRequest,
    SessionsPage,
    SessionsRequest,
    Timeline,
)
from tokendial.services.contract.settings import Settings, SettingsPatch
from tokendial.services.contract.storage import (
    EraseRequest,
    KeptRequest,
    RestoreRequest,
    RetentionPreview,
    RetentionRequest,
    RevealRequest,
    SavedFile,
    SettingsImport,
    SettingsImportRequest,
    Storage,
    Upload,
    UploadRequest,
)
from tokendial.services.contract.system import (
    AppState,
    DemoRequest,
    OpenedLogs,
    OpenLogsRequest,
    RefreshRequest,
    ScanStatus,
)
from tokendial.services.transfers import Transfers


class Application(BesideThePage, Protocol):
    """The use cases, one method per command. Each may raise a TokendialError; any thread may call any of them."""

    dialogs: Dialogs | None
    """The system's dialogs, set by the window once it exists; None in the browser."""

    widget: Widget | None
    """The small window, set by the window's shell; None in the browser, where it is a page."""
    tray: TrayHost | None
    """The tray, set by the window once it exists; None in the browser."""
    notices: Notices | None
    """The system's notifications, set by the window; None in the browser."""

    @property
    def hub(self) -> EventHub:
        """Where the program publishes what it has to tell the page."""

    @property
    def transfers(self) -> Transfers:
        """The files on their way to or from a browser."""

    def app_state(self, request: Empty, /) -> AppState:
        """What the page needs before it draws anything."""

    def dashboard(self, request: DashboardRequest, /) -> Dashboard:
        """The whole overview; panels fail separately inside the answer."""

    def events(self, request: EventsRequest, /) -> EventsPage:
        """A page of billed responses, newest first."""

    def sessions(self, request: SessionsRequest, /) -> SessionsPage:
        """A page of sessions."""

    def session(self, request: SessionRequest, /) -> SessionDetail:
        """One session; NotFound if the ledger does not know it."""

    def timeline(self, request: SessionRequest, /) -> Timeline:
        """The responses of a session over time."""

    def reveal_log(self, request: FileRequest, /) -> OpenedLogs:
        """Show the folder of a session's log file in the system's file manager; NotFound for another file."""

    def refresh(self, request: RefreshRequest, /) -> ScanStatus:
        """Scan the homes now."""

    def scan_status(self, request: Empty, /) -> ScanStatus:
        """The running or the last scan."""

    def change_settings(self, request: SettingsPatch, /) -> Settings:
        """Change some settings; BadRequest for a name or value that cannot be."""

    def reset_window(self, request: Empty, /) -> Empty:
        """Forget where the window stood and put it back to where it opens at first."""

    def homes(self, request: Empty, /) -> Homes:
        """Every home."""

    def browse_home(self, request: HomeBrowseRequest, /) -> ChosenFolder:
        """Let the user choose a folder; Unavailable without a window."""

    def check_home(self, request: HomeCheckRequest, /) -> HomeCheck:
        """What is in a folder, before it is added."""

    def add_home(self, request: HomeAddRequest, /) -> Homes:
        """Add a folder; HomeUnavailable if it cannot be read."""

    def update_home(self, request: HomeUpdateRequest, /) -> Homes:
        """Rename a home or switch it on or off."""

    def remove_home(self, request: HomeRequest, /) -> Homes:
        """Forget a home."""

    def clear_home(self, request: HomeClearRequest, /) -> Homes:
        """Take out what came from a home; BadRequest if it was not confirmed."""

    def rescan_home(self, request: HomeRequest, /) -> Homes:
        """Read a home from the start of its logs."""

    def home_loss(self, request: HomeRequest, /) -> HomeLoss:
        """What would be lost with a home."""

    def home_offers(self, request: Empty, /) -> OfferedHomes:
        """Folders that could be added."""

    def providers(self, request: Empty, /) -> Providers:
        """Every provider, on or off."""

    def preview_status_line(self, request: StatusLineDraft, /) -> StatusLinePreview:
        """The line of a format, with invented figures."""

    def switch_provider(self, request: ProviderSwitch, /) -> AppState:
        """Switch a provider on or off."""

    def pricing(self, request: Empty, /) -> Pricing:
        """The price rules and what prices each model."""

    def save_prices(self, request: PriceRules, /) -> Pricing:
        """Replace the user's rules; InvalidPriceRule names what is wrong."""

    def preview_prices(self, request: PriceRules, /) -> PricePreview:
        """What rules would change, or what is wrong with them; nothing is stored."""

    def undo_prices(self, request: Empty, /) -> Pricing:
        """Take the last change of the rules back, or make it again; NotFound if there is none."""

    def export_prices(self, request: Empty, /) -> PriceExport:
        """The rules as a file; CannotWrite if it cannot be written."""

    def open_prices(self, request: Empty, /) -> PriceFile:
        """Let the user choose a price file; Unavailable without a window, InvalidFile if it cannot be read."""

    def preview_price_import(self, request: PriceImportRequest, /) -> PriceImportPreview:
        """What an import would do; InvalidFile names what is wrong. Nothing is stored."""

    def import_prices(self, request: PriceImportRequest, /) -> Pricing:
        """Import a price file; InvalidFile names what is wrong, and nothing is changed."""

    def diagnostics(self, request: Empty, /) -> Diagnostics:
        """Facts for a bug report; nothing that takes long."""

    def refused_lines(self, request: RefusedLinesRequest, /) -> RefusedLines:
        """The line numbers of refused lines."""

    def check_ledger(self, request: Empty, /) -> JobAnswer:
        """Begin to check whether the ledger is sound."""

    def storage(self, request: Empty, /) -> Storage:
        """Paths, sizes and rows."""

    def reveal(self, request: RevealRequest, /) -> OpenedLogs:
        """Show one of those paths in the file manager."""

    def back_up(self, request: Empty, /) -> JobAnswer:
        """Begin to write the ledger to a file."""

    def expect_upload(self, request: UploadRequest, /) -> Upload:
        """Where a browser hands a backup over."""

    def restore(self, request: RestoreRequest, /) -> JobAnswer:
        """Begin to put a backup in the ledger's place; InvalidFile says what is wrong with it."""

    def drop_kept(self, request: KeptRequest, /) -> Storage:
        """Delete a copy that a restore kept."""

    def compact(self, request: Empty, /) -> JobAnswer:
        """Begin to rewrite the database without unused room."""

    def preview_retention(self, request: RetentionRequest, /) -> RetentionPreview:
        """What would be removed if details were kept for so long."""

    def change_retention(self, request: RetentionRequest, /) -> JobAnswer:
        """Begin to keep details for so long, and to remove older ones."""

    def erase(self, request: EraseRequest, /) -> JobAnswer:
        """Begin to delete everything that the program keeps; BadRequest unless the word for it was typed."""

    def export(self, request: ExportRequest, /) -> JobAnswer:
        """Begin to write responses, sessions or days to a file."""

    def export_settings(self, request: Empty, /) -> SavedFile:
        """Write the settings to a file."""

    def import_settings(self, request: SettingsImportRequest, /) -> SettingsImport:
        """Take the settings of a file; InvalidFile says what is wrong with it, and then nothing changes."""

    def job(self, request: Empty, /) -> JobAnswer:
        """The running or the last long task."""

    def cancel_job(self, request: Empty, /) -> JobAnswer:
        """Stop the running task."""

    def open_logs(self, request: OpenLogsRequest, /) -> OpenedLogs:
        """Open a home in the system's file manager."""

    def demo(self, request: DemoRequest, /) -> AppState:
        """Enter or leave the sample data."""

    def live_sources(self, request: Empty, /) -> LiveSources:
        """Every provider that can be asked for its limits."""

    def switch_live(self, request: LiveSwitch, /) -> LiveSources:
        """Switch a live source on or off; NotFound for a provider without one."""

    def refresh_live(self, request: Empty, /) -> LiveSources:
        """Ask for limits now, where that is not too soon."""

    def projects(self, request: ProjectsRequest, /) -> Projects:
        """Every project with usage in the range."""

    def project_names(self, request: Empty, /) -> ProjectNames:
        """The user's names by folder."""

    def rename_project(self, request: ProjectRename, /) -> ProjectNames:
        """Name a project; NotFound for one that is not known, BadRequest for a bad name."""

    def prompts(self, request: PromptsRequest, /) -> PromptsPage:
        """A page of prompts, read from the logs now."""

    def prompt(self, request: PromptRequest, /) -> Prompt:
        """One prompt in full; NotFound if the ledger does not know it."""

    def provider(self, request: ProviderRequest, /) -> ProviderDetail:
        """One provider by itself: 30 days, today, models and projects."""

    def close(self) -> None:
        """Stop the threads and close the ledger. Called once, last."""

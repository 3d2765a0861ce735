/// The model of the shell: overlays, and the keys pressed.
module GopherFlow.Client.Shell.Model

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts

type Overlay =
    | Nothing
    /// The sheet of shortcuts.
    | Shortcuts
    | Palette
    /// The navigation, on a narrow screen.
    | Menu

type Model = {
    Overlay: Overlay
    /// When g was pressed as the first of two keys.
    Going: Instant option
    Theme: Preferences.Theme
    /// Why signing out failed.
    StillIn: string option
}

type Press = {
    Key: string
    /// With Ctrl or Cmd.
    Commanding: bool
    /// Pressed in a field.
    Typing: bool
    /// A dialog is open.
    Modal: bool
    At: Instant
}

/// The meaning of a key.
type Meaning =
    | Opens of Overlay
    | Goes of Router.Page
    /// The first of two keys; the second gives the page.
    | Begins
    | Searches

type Msg =
    | Pressed of Press
    | Show of Overlay
    | Close
    | Choose of Preferences.Theme
    | ThemeChosen of Preferences.Theme
    | SignOut
    | SignOutFailed of string

type Command =
    | Go of Router.Page
    | FocusSearch
    | Keep of Preferences.Theme
    | EndSession

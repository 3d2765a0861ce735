/// What lies over the pages, and which keys were pressed.
module GopherFlow.Client.Shell.Model

open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts

type Overlay =
    | Nothing
    /// The sheet of shortcuts.
    | Shortcuts
    | Palette
    /// The pages, on a narrow screen.
    | Menu

type Model = {
    Overlay: Overlay
    /// When g was pressed, the first of two keys.
    Going: Instant option
    Theme: Preferences.Theme
    /// Why it was not possible to sign out.
    StillIn: string option
}

type Press = {
    Key: string
    /// With Ctrl, or Cmd.
    Commanding: bool
    /// In a field.
    Typing: bool
    /// A dialog is open.
    Modal: bool
    At: Instant
}

/// What a key stands for.
type Meaning =
    | Opens of Overlay
    | Goes of Router.Page
    /// A second key says where to.
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

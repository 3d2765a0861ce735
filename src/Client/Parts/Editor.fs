/// The text editor, CodeMirror 6. Its code is loaded with every module that uses this file, so pages that do are lazy.
module GopherFlow.Client.Parts.Editor

open System
open System.Text.RegularExpressions
open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Browser

importSideEffects "../Styles/editor.css"

type Language =
    | FSharp
    | Json

/// Counted from 1.
type Place = { Line: int; Column: int }

/// A diagnostic about a part of the text.
type Mark = {
    From: Place
    Until: Place
    /// "error", "warning" or "info".
    Severity: string
    Text: string
}

type Suggestion = {
    Label: string
    /// An icon's name: "function", "property", "constant", "variable".
    Kind: string
    Detail: string
    Help: string
}

type Suggestions = {
    /// The start of the text that the chosen completion replaces.
    From: int
    /// Whether the completion is inside quotes.
    Quoted: bool
    Items: Suggestion list
}

type EditorProps = {
    Label: string
    Language: Language
    Text: string
    /// When this number changes, `Text` replaces the content of the editor.
    Round: int
    Marks: Mark list
    ReadOnly: bool
    /// Where to move the cursor, with a number that differs each time.
    GoTo: (int * Place) option
    /// The completions at a position of the text. The last argument: the user asked for them.
    Suggest: string -> int -> bool -> Suggestions option
    Changed: string -> unit
    /// The line of the cursor.
    Moved: int -> unit
    /// Called on Escape: the focus should leave the editor.
    Leave: unit -> unit
}

module private CodeMirror =
    [<Import("EditorView", "@codemirror/view")>]
    let editorView: obj = jsNative

    [<Import("EditorView", "@codemirror/view"); Emit("new $0($1)")>]
    let newView (_options: obj) : obj = jsNative

    [<Import("keymap", "@codemirror/view")>]
    let keymap: obj = jsNative

    [<Import("lineNumbers", "@codemirror/view")>]
    let lineNumbers () : obj = jsNative

    [<Import("highlightActiveLine", "@codemirror/view")>]
    let highlightActiveLine () : obj = jsNative

    [<Import("highlightActiveLineGutter", "@codemirror/view")>]
    let highlightActiveLineGutter () : obj = jsNative

    [<Import("EditorState", "@codemirror/state")>]
    let editorState: obj = jsNative

    [<Import("Compartment", "@codemirror/state"); Emit("new $0()")>]
    let newCompartment () : obj = jsNative

    [<Import("Prec", "@codemirror/state")>]
    let precedence: obj = jsNative

    [<Import("history", "@codemirror/commands")>]
    let history () : obj = jsNative

    [<Import("historyKeymap", "@codemirror/commands")>]
    let historyKeymap: obj[] = jsNative

    [<Import("defaultKeymap", "@codemirror/commands")>]
    let defaultKeymap: obj[] = jsNative

    [<Import("indentWithTab", "@codemirror/commands")>]
    let indentWithTab: obj = jsNative

    [<Import("StreamLanguage", "@codemirror/language")>]
    let streamLanguage: obj = jsNative

    [<Import("syntaxHighlighting", "@codemirror/language")>]
    let syntaxHighlighting (_highlighter: obj) : obj = jsNative

    [<Import("bracketMatching", "@codemirror/language")>]
    let bracketMatching () : obj = jsNative

    [<Import("indentUnit", "@codemirror/language")>]
    let indentUnit: obj = jsNative

    [<Import("indentService", "@codemirror/language")>]
    let indentService: obj = jsNative

    // Adds class names that the style sheet colours; other highlighters set colours themselves.
    [<Import("classHighlighter", "@lezer/highlight")>]
    let classHighlighter: obj = jsNative

    [<Import("fSharp", "@codemirror/legacy-modes/mode/mllike")>]
    let fSharp: obj = jsNative

    [<Import("json", "@codemirror/legacy-modes/mode/javascript")>]
    let json: obj = jsNative

    [<Import("tags", "@lezer/highlight"); Emit("({ ...$1, tokenTable: { property: $0.propertyName } })")>]
    let withProperties (_mode: obj) : obj = jsNative

    [<Import("lintGutter", "@codemirror/lint")>]
    let lintGutter () : obj = jsNative

    [<Import("lintKeymap", "@codemirror/lint")>]
    let lintKeymap: obj[] = jsNative

    [<Import("setDiagnostics", "@codemirror/lint")>]
    let setDiagnostics (_state: obj, _diagnostics: obj[]) : obj = jsNative

    [<Import("autocompletion", "@codemirror/autocomplete")>]
    let autocompletion (_options: obj) : obj = jsNative

    [<Import("closeBrackets", "@codemirror/autocomplete")>]
    let closeBrackets () : obj = jsNative

    [<Import("closeBracketsKeymap", "@codemirror/autocomplete")>]
    let closeBracketsKeymap: obj[] = jsNative

    [<Import("search", "@codemirror/search")>]
    let search (_options: obj) : obj = jsNative

    [<Import("searchKeymap", "@codemirror/search")>]
    let searchKeymap: obj[] = jsNative

    [<Emit("$0.of($1)")>]
    let ``of`` (_facet: obj) (_value: obj) : obj = jsNative

open CodeMirror

let private key (name: string) (run: unit -> bool) : obj =
    createObj [ "key", box name; "run", box (fun (_: obj) -> run ()) ]

let private opens =
    Regex(@"(=|->|\(|\[|\{|\bthen|\belse|\bdo|\bwith|\btask|\basync)\s*$")

/// The indentation of a new line: that of the previous line, and one more step after a line that opens a block.
let private indentation (context: obj) (position: int) : int =
    let line: string = context?lineAt(position, -1)?text
    let own = line.Length - line.TrimStart().Length
    if opens.IsMatch line then own + 4 else own

let private language (language: Language) : obj[] =
    match language with
    | FSharp -> [|
        streamLanguage?define fSharp
        ``of`` indentUnit "    "
        ``of`` indentService (Func<_, _, _>(indentation))
      |]
    | Json -> [| streamLanguage?define (withProperties json); ``of`` indentUnit "  " |]

let private completions (suggest: string -> int -> bool -> Suggestions option) (context: obj) : obj =
    match suggest (context?state?doc?toString()) context?pos context?``explicit`` with
    | None -> null
    | Some found ->
        createObj [
            "from", box found.From
            "validFor", box (Regex(if found.Quoted then "^[^\"]*$" else "^[\\w']*$"))
            "options",
            box [|
                for item in found.Items ->
                    createObj [
                        "label", box item.Label
                        "type", box item.Kind
                        "detail", box item.Detail
                        if item.Help <> "" then
                            "info", box item.Help
                    ]
            |]
        ]

let private offset (document: obj) (place: Place) : int =
    let lines: int = document?lines
    let line = document?line (max 1 (min place.Line lines))
    let from: int = line?from
    let until: int = line?``to``
    min until (from + max 0 (place.Column - 1))

let private diagnostic (document: obj) (mark: Mark) : obj =
    let from = offset document mark.From
    let length: int = document?length
    // An empty range marks one character.
    let until = max (offset document mark.Until) (min length (from + 1))

    createObj [
        "from", box (min from until)
        "to", box until
        "severity", box mark.Severity
        "message", box mark.Text
    ]

let private extensions (props: IRefValue<EditorProps>) (readOnly: obj) (isReplacing: IRefValue<bool>) : obj[] =
    let now () = props.current

    let heard (update: obj) =
        if update?docChanged && not isReplacing.current then
            (now ()).Changed(update?state?doc?toString())

        if update?selectionSet || update?docChanged then
            (now ()).Moved(update?state?doc?lineAt(update?state?selection?main?head)?number)

    // The page handles this key; without this the editor would also insert an empty line.
    let shield: obj =
        precedence?high (``of`` keymap [| key "Mod-Enter" (fun () -> true) |])

    [|
        shield
        ``of`` editorView?cspNonce (StyleNonce.ofPage ())
        lineNumbers ()
        highlightActiveLine ()
        highlightActiveLineGutter ()
        history ()
        bracketMatching ()
        closeBrackets ()
        syntaxHighlighting classHighlighter
        yield! language (now ()).Language
        lintGutter ()
        search (createObj [ "top", box true ])
        autocompletion (
            createObj [
                "override",
                box [|
                    box (fun context ->
                        completions (fun text position asked -> (now ()).Suggest text position asked) context)
                |]
                "icons", box false
            ]
        )
        ``of`` keymap [|
            yield! closeBracketsKeymap
            yield! searchKeymap
            key "Escape" (fun () ->
                (now ()).Leave()
                true)
            indentWithTab
            yield! lintKeymap
            yield! historyKeymap
            yield! defaultKeymap
        |]
        ``of`` editorView?contentAttributes (createObj [ "aria-label", box (now ()).Label; "tabindex", box "0" ])
        ``of`` editorView?updateListener (box heard)
        ``of`` readOnly (``of`` editorState?readOnly (now ()).ReadOnly)
    |]

let editor =
    React.functionComponent (
        "Editor",
        fun (props: EditorProps) ->
            let host = React.useRef (null: obj)
            let view = React.useRef (null: obj)
            let latest = React.useRef props
            let isReplacing = React.useRef false
            let readOnly = React.useMemo (newCompartment, [||])
            latest.current <- props

            React.useEffect (
                (fun () ->
                    view.current <-
                        newView (
                            createObj [
                                "parent", host.current
                                "doc", box props.Text
                                "extensions", box (extensions latest readOnly isReplacing)
                            ]
                        )

                    React.createDisposable (fun () -> (view.current?destroy (): unit))),
                [||]
            )

            React.useEffect (
                (fun () ->
                    let document = view.current?state?doc

                    if document?toString () <> props.Text then
                        isReplacing.current <- true

                        view.current?dispatch (
                            createObj [
                                "changes", createObj [ "from", 0; "to", document?length; "insert", props.Text ]
                            ]
                        )

                        isReplacing.current <- false),
                [| box props.Round |]
            )

            React.useEffect (
                (fun () ->
                    let change = readOnly?reconfigure (``of`` editorState?readOnly props.ReadOnly)
                    (view.current?dispatch (createObj [ "effects", change ]): unit)),
                [| box props.ReadOnly |]
            )

            React.useEffect (
                (fun () ->
                    let state = view.current?state
                    let found = props.Marks |> List.map (diagnostic state?doc) |> Array.ofList
                    (view.current?dispatch (setDiagnostics (state, found)): unit)),
                [| box props.Marks |]
            )

            React.useEffect (
                (fun () ->
                    match props.GoTo with
                    | Some(_, place) ->
                        let at = offset view.current?state?doc place

                        view.current?dispatch (
                            createObj [
                                "selection", createObj [ "anchor", at ]
                                "effects", editorView?scrollIntoView (at, createObj [ "y", "center" ])
                            ]
                        )

                        view.current?focus ()
                    | None -> ()),
                [| box (props.GoTo |> Option.map fst |> Option.defaultValue 0) |]
            )

            Html.div [ prop.ref host; prop.className "editor" ]
    )

/// Runs the studio: its model, and the effects of its messages.
module GopherFlow.Client.Pages.Studio.Effects

open Feliz
open Fable.Core
open GopherFlow.Contract
open GopherFlow.Client.Promise
open GopherFlow.Client.Time
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Studio.Model

/// The milliseconds without typing before the text is checked.
let private pause = 150

let private told (answer: JS.Promise<'t>) : JS.Promise<Result<'t, string>> =
    answer
    |> map Ok
    |> catch (fun failure -> failure |> Problem.ofException |> Problem.text |> Error |> resolved)

let private tell (dispatch: Msg -> unit) (msg: Result<'t, string> -> Msg) (answer: JS.Promise<'t>) : unit =
    told answer |> map (msg >> dispatch) |> start

let private tryOut (name: string) (source: string) (variables: string) : JS.Promise<TriedScript> =
    match JsonText.tryRead variables with
    | Some variables -> ScriptCalls.tryOut name source variables
    | None -> rejected (ApiException(Problem.unreadable "The variables are not JSON."))

let private run (name: string) (dispatch: Msg -> unit) (effect: Effect) : unit =
    match effect with
    | Pause edit -> JS.setTimeout (fun () -> dispatch (CheckDue edit)) pause |> ignore
    | Check(edit, source) ->
        ScriptCalls.check name source
        |> tell dispatch (fun answer -> Checked(edit, answer))
    | ReadMachine version ->
        ScriptCalls.definitionVersion name version
        |> told
        // If it fails, the diagram comes with the first check.
        |> map (function
            | Ok definition -> dispatch (MachineRead definition)
            | Error _ -> ())
        |> start
    | Keep(draft, stored) -> dispatch (DraftKept(draft.Source, Drafts.keep name stored draft))
    | Forget stored -> Drafts.forget name stored
    | Send source ->
        ScriptCalls.deploy name source
        |> tell dispatch (fun answer -> DeployEnded(source, answer))
    | RunTrial(source, variables) ->
        tryOut name source variables
        |> tell dispatch (fun answer ->
            TrialEnded {
                Source = source
                Given = variables
                Answer = answer
            })

let useStudio (name: string) (admin: bool) (details: ScriptDetails option) : Model * (Msg -> unit) =
    let first =
        React.useMemo ((fun () -> init name admin details (Drafts.find name) (Instant.now ())), [||])

    let model = React.useRef (fst first)
    let alive = React.useRef true
    let _, redraw = React.useStateWithUpdater 0

    let rec dispatch (msg: Msg) : unit =
        if alive.current then
            let next, effects = Update.update msg model.current
            model.current <- next
            redraw ((+) 1)
            effects |> List.iter (run name dispatch)

    React.useEffect (
        (fun () ->
            alive.current <- true
            snd first |> List.iter (run name dispatch)
            React.createDisposable (fun () -> alive.current <- false)),
        [||]
    )

    React.useEffect ((fun () -> details |> Option.iter (Read >> dispatch)), [| box details |])
    model.current, dispatch

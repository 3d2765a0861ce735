/// Components with a model, messages and an update function: `let model, dispatch = Elm.useElm init update`.
module GopherFlow.Client.Parts.Elm

open Feliz
open Fable.Core
open GopherFlow.Client.Promise

/// Work to do after an update; it may send messages.
type Effect<'message> = ('message -> unit) -> unit

module Effect =
    /// Sends a message with the result of a promise.
    let ofPromise
        (work: unit -> JS.Promise<'value>)
        (succeeded: 'value -> 'message)
        (failed: exn -> 'message)
        : Effect<'message> =
        fun dispatch ->
            work ()
            |> map (succeeded >> dispatch)
            |> catch (fun failure ->
                dispatch (failed failure)
                resolved ())
            |> start

    /// An action that sends no message.
    let ofAction (act: unit -> unit) : Effect<'message> = fun _ -> act ()

/// Handles messages in order: updates the model and shows it. Messages after the component is unmounted are dropped, so a late
/// answer neither changes another page nor leaves it.
let dispatcher
    (alive: IRefValue<bool>)
    (held: IRefValue<'model>)
    (show: 'model -> unit)
    (update: 'message -> 'model -> 'model * Effect<'message> list)
    : 'message -> unit =
    let rec dispatch (message: 'message) : unit =
        if alive.current then
            let next, effects = update message held.current
            held.current <- next
            show next
            effects |> List.iter (fun run -> run dispatch)

    dispatch

/// `init` is called once. Updates run in the order of their messages; effects run after the update that returned them.
let useElm
    (init: unit -> 'model * Effect<'message> list)
    (update: 'message -> 'model -> 'model * Effect<'message> list)
    : 'model * ('message -> unit) =
    let first = React.useMemo (init, [||])
    let alive = React.useRef true
    let held = React.useRef (fst first)
    let model, show = React.useState (fst first)

    let dispatch = React.useMemo ((fun () -> dispatcher alive held show update), [||])

    React.useEffect (
        (fun () ->
            alive.current <- true
            snd first |> List.iter (fun run -> run dispatch)
            React.createDisposable (fun () -> alive.current <- false)),
        [||]
    )

    model, dispatch

namespace GopherFlow.Scripting

open System
open System.ComponentModel
open System.Runtime.CompilerServices
open System.Diagnostics
open System.Threading

/// <summary>
/// The compiled code of a script calls this at the beginning of each function and in each iteration of a loop. It stops runs that are
/// over and turns infinite recursion into an exception instead of a crash of the process. Not for use by authors.
/// </summary>
[<AbstractClass; Sealed; EditorBrowsable(EditorBrowsableState.Never)>]
type ScriptWatch =

    /// Types that call handlers without catching their exceptions, so that an exception ends the process.
    static let callers =
        set [
            "System.Diagnostics.AsyncStreamReader"
            "System.IO.FileSystemWatcher"
            "System.Threading.Tasks.AwaitTaskContinuation"
            "System.Threading.TimerQueueTimer"
        ]

    /// Events and observables are in the same namespace, but do not catch exceptions.
    static let isAsync (owner: Type) =
        owner.Namespace = "Microsoft.FSharp.Control"
        && [ "Async"; "Trampoline"; "Task"; "Mailbox" ]
           |> List.exists (string owner.FullName).Contains

    /// Whether a frame catches the exception (Some true) or lets it end the process (Some false). None when the exception passes through.
    static let catches (frame: StackFrame) : bool option =
        match frame.GetMethod() with
        | null -> None
        | code ->
            match code.DeclaringType with
            | null -> None
            | owner when callers.Contains(string owner.FullName) -> Some false
            | owner when
                owner.Namespace = "System.Threading.Tasks"
                || isAsync owner
                || typeof<IAsyncStateMachine>.IsAssignableFrom owner
                ->
                Some true
            | _ -> None

    static let isCaught () =
        StackTrace().GetFrames() |> Array.tryPick catches |> Option.defaultValue false

    /// An uncaught exception would end the process. If nothing would catch it, a thread that the script started itself sleeps forever
    /// instead, and so does a pool thread in a loop. A function called on a pool thread, such as an event handler, continues.
    static let stop (mayGoOn: bool) (limit: RunLimit) =
        if limit.IsAtHome || isCaught () then
            raise (OperationCanceledException("The limit of this run has passed.", limit.Token))
        elif not (mayGoOn && Thread.CurrentThread.IsThreadPoolThread) then
            Thread.CurrentThread.IsBackground <- true
            Thread.Sleep Timeout.Infinite

    static let check (mayGoOn: bool) =
        match RunLimit.Current with
        | null -> ()
        | limit when limit.IsOver -> stop mayGoOn limit
        | _ -> ()

    /// <summary>Called in each iteration of a loop.</summary>
    /// <exception cref="T:System.OperationCanceledException">The current run is over.</exception>
    static member Round() : unit = check false

    /// <summary>Called at the beginning of each function.</summary>
    /// <exception cref="T:System.OperationCanceledException">The current run is over.</exception>
    /// <exception cref="T:System.InsufficientExecutionStackException">The recursion is too deep.</exception>
    static member Enter() : unit =
        RuntimeHelpers.EnsureSufficientExecutionStack()
        check true

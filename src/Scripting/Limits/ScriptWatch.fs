namespace GopherFlow.Scripting

open System
open System.ComponentModel
open System.Runtime.CompilerServices
open System.Diagnostics
open System.Threading

/// <summary>
/// What the compiled code of each script calls at the beginning of each function and in each round of a loop, so that a run that
/// is over ends there, and a recursion without end is an exception instead of the end of the process. Not for use by authors.
/// </summary>
[<AbstractClass; Sealed; EditorBrowsable(EditorBrowsableState.Never)>]
type ScriptWatch =

    /// Types that call handlers and do not catch what those throw, so that it ends the process.
    static let callers =
        set [
            "System.Diagnostics.AsyncStreamReader"
            "System.IO.FileSystemWatcher"
            "System.Threading.Tasks.AwaitTaskContinuation"
            "System.Threading.TimerQueueTimer"
        ]

    /// Events and observables are of the same namespace, and catch nothing.
    static let isAsync (owner: Type) =
        owner.Namespace = "Microsoft.FSharp.Control"
        && [ "Async"; "Trampoline"; "Task"; "Mailbox" ]
           |> List.exists (string owner.FullName).Contains

    /// Whether a frame catches the exception (Some true) or ends the process with it (Some false); None when it lets it through.
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

    /// Where nobody would catch the exception it would end the process. A thread that the script has started by itself sleeps for good
    /// then, and so does one of the pool in a loop; what is only called there, such as the handler of an event, goes on.
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

    /// <summary>Called in each round of a loop.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    static member Round() : unit = check false

    /// <summary>Called at the beginning of each function.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    /// <exception cref="T:System.InsufficientExecutionStackException">The code recurses too deep.</exception>
    static member Enter() : unit =
        RuntimeHelpers.EnsureSufficientExecutionStack()
        check true

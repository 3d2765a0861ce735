namespace GopherFlow.Scripting

open System
open System.ComponentModel
open System.Runtime.CompilerServices
open System.Diagnostics
open System.Threading

/// The limit of one run of a script's code. It goes wherever the run goes: into tasks, asyncs, timers and threads.
[<AllowNullLiteral>]
type internal RunLimit() =
    static let current = AsyncLocal<RunLimit>()
    let over = new CancellationTokenSource()
    let home = Environment.CurrentManagedThreadId

    /// The limit of the run that this code belongs to, or null.
    static member Current
        with get () = current.Value
        and set (limit: RunLimit) = current.Value <- limit

    /// Whether the run that this code belongs to is over.
    static member IsCurrentOver =
        match current.Value with
        | null -> false
        | limit -> limit.IsOver

    member _.Token = over.Token

    member _.IsOver = over.IsCancellationRequested

    member _.End() = over.Cancel()

    /// Whether this is the thread of the run, on which every exception is caught.
    member _.IsAtHome = Environment.CurrentManagedThreadId = home

/// <summary>
/// What the compiled code of each script calls at the beginning of each function and in each round of a loop, so that a run that
/// is over ends there, and a recursion without end is an exception instead of the end of the process. Not for use by authors.
/// </summary>
[<AbstractClass; Sealed; EditorBrowsable(EditorBrowsableState.Never)>]
type ScriptWatch =

    static let isCaught (frame: StackFrame) =
        match frame.GetMethod() with
        | null -> false
        | code ->
            match code.DeclaringType with
            | null -> false
            | owner ->
                owner.Namespace = "System.Threading.Tasks"
                || owner.Namespace = "Microsoft.FSharp.Control"
                || typeof<IAsyncStateMachine>.IsAssignableFrom owner

    /// On a thread that the script has started by itself nobody would catch the exception, and that ends the process. Such a
    /// thread is laid to rest.
    static let leave (limit: RunLimit) =
        if not (limit.IsAtHome || StackTrace().GetFrames() |> Array.exists isCaught) then
            Thread.CurrentThread.IsBackground <- true
            Thread.Sleep Timeout.Infinite

        raise (OperationCanceledException "The run is over.")

    /// <summary>Called in each round of a loop.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    static member Round() : unit =
        match RunLimit.Current with
        | null -> ()
        | limit when limit.IsOver -> leave limit
        | _ -> ()

    /// <summary>Called at the beginning of each function.</summary>
    /// <exception cref="T:System.OperationCanceledException">The run that the code belongs to is over.</exception>
    /// <exception cref="T:System.InsufficientExecutionStackException">The code recurses too deep.</exception>
    static member Enter() : unit =
        RuntimeHelpers.EnsureSufficientExecutionStack()
        ScriptWatch.Round()

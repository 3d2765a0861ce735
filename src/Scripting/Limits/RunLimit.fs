namespace GopherFlow.Scripting

open System.Threading

/// The limit of one run of script code. It flows with the run into tasks, asyncs, timers and threads.
[<AllowNullLiteral; Sealed>]
type internal RunLimit private (token: CancellationToken, outer: RunLimit) =
    static let current = AsyncLocal<RunLimit>()
    let mutable home: Thread | null = Thread.CurrentThread

    member private _.Leave() = home <- null

    /// The limit of the current run, or null.
    static member Current = current.Value

    /// Whether the current run is over.
    static member IsCurrentOver =
        match current.Value with
        | null -> false
        | limit -> limit.IsOver

    /// Cancelled when the run is over.
    member _.Token = token

    /// Whether this run, or the run that it is nested in, is over.
    member _.IsOver = token.IsCancellationRequested || (not (isNull outer) && outer.IsOver)

    /// Whether this is the thread that started the run and has not returned from it yet. Exceptions on it are always caught.
    member _.IsAtHome = obj.ReferenceEquals(Thread.CurrentThread, home)

    /// Runs code under a limit that is over when the token is cancelled. Work that the code leaves running keeps the limit.
    static member Within(token: CancellationToken, code: unit -> 'value) : 'value =
        let outer = current.Value
        let limit = RunLimit(token, outer)
        current.Value <- limit

        try
            code ()
        finally
            limit.Leave()
            current.Value <- outer

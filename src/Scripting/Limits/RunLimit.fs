namespace GopherFlow.Scripting

open System.Threading

/// The limit of one run of a script's code. It goes wherever the run goes: into tasks, asyncs, timers and threads.
[<AllowNullLiteral; Sealed>]
type internal RunLimit private (token: CancellationToken, outer: RunLimit) =
    static let current = AsyncLocal<RunLimit>()
    let mutable home: Thread | null = Thread.CurrentThread

    member private _.Leave() = home <- null

    /// The limit of the run that this code belongs to, or null.
    static member Current = current.Value

    /// Whether the run that this code belongs to is over.
    static member IsCurrentOver =
        match current.Value with
        | null -> false
        | limit -> limit.IsOver

    /// Set when the run is over.
    member _.Token = token

    /// Whether the run, or the one that it is part of, is over.
    member _.IsOver = token.IsCancellationRequested || (not (isNull outer) && outer.IsOver)

    /// Whether this is the thread on which the run was started and has not returned yet: there every exception is caught.
    member _.IsAtHome = obj.ReferenceEquals(Thread.CurrentThread, home)

    /// Runs code that is over when the token is cancelled. What it leaves running keeps the limit.
    static member Within(token: CancellationToken, code: unit -> 'value) : 'value =
        let outer = current.Value
        let limit = RunLimit(token, outer)
        current.Value <- limit

        try
            code ()
        finally
            limit.Leave()
            current.Value <- outer

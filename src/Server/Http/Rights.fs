namespace GopherFlow.Server

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Channels

/// Notifies open requests when this process changes the rights of a user: a sign-out, a new password, a revoked key.
[<Sealed>]
type Rights() =
    let changed = Event<string>()

    /// Raised with the name of the user whose rights have changed.
    [<CLIEvent>]
    member _.Changed = changed.Publish

    member _.HaveChanged(username: string) = changed.Trigger username

/// Counts the open event streams by caller.
[<Sealed>]
type OpenStreams() =
    let gate = Lock()
    let byCaller = Dictionary<string, int>()
    let mutable total = 0

    let countOf username =
        match byCaller.TryGetValue username with
        | true, count -> count
        | _ -> 0

    /// The maximum number of streams of one caller.
    static member MostOfOne = 100

    /// Counts one more stream; returns an error if the limit is reached.
    member _.TryOpen(username: string, most: int) : Result<unit, string> =
        lock gate (fun () ->
            if total >= most then
                Error $"This server has {most} streams open, the limit in GFLOW_WEB_MAX_STREAMS."
            elif countOf username >= OpenStreams.MostOfOne then
                Error $"{username} has {OpenStreams.MostOfOne} streams open, the limit for one user."
            else
                total <- total + 1
                byCaller[username] <- countOf username + 1
                Ok())

    member _.Close(username: string) =
        lock gate (fun () ->
            total <- total - 1

            match countOf username - 1 with
            | 0 -> byCaller.Remove username |> ignore
            | count -> byCaller[username] <- count)

/// Signals one stream when the rights of its caller may have changed. Several changes in a row cause one signal.
[<Sealed>]
type RightsWatch(rights: Rights, username: string) =
    let signal =
        Channel.CreateBounded<unit>(BoundedChannelOptions(1, FullMode = BoundedChannelFullMode.DropWrite))

    let subscription =
        rights.Changed.Subscribe(fun changed ->
            if changed = username then
                signal.Writer.TryWrite() |> ignore)

    member _.Reader = signal.Reader

    interface IDisposable with
        member _.Dispose() = subscription.Dispose()

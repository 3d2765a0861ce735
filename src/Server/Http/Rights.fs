namespace GopherFlow.Server

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Channels

/// Tells open requests that the rights of a user have changed here: a sign-out, a new password, a key that was revoked.
[<Sealed>]
type Rights() =
    let changed = Event<string>()

    /// The name of the user whose rights have changed.
    [<CLIEvent>]
    member _.Changed = changed.Publish

    member _.HaveChanged(username: string) = changed.Trigger username

/// Counts the event streams that are open, by caller.
[<Sealed>]
type OpenStreams() =
    let gate = Lock()
    let byCaller = Dictionary<string, int>()
    let mutable total = 0

    let countOf username =
        match byCaller.TryGetValue username with
        | true, count -> count
        | _ -> 0

    /// Streams that one caller may have at once.
    static member MostOfOne = 100

    /// Enters one more; when there are too many already, says so instead.
    member _.TryOpen(username: string, most: int) : Result<unit, string> =
        lock gate (fun () ->
            if total >= most then
                Error $"This server has {most} streams open, as many as GFLOW_WEB_MAX_STREAMS allows."
            elif countOf username >= OpenStreams.MostOfOne then
                Error $"{username} has {OpenStreams.MostOfOne} streams open, as many as one user may have."
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

/// Tells one stream that the rights of its caller may have changed; a burst counts once.
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

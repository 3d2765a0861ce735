namespace GopherFlow.Server

open System
open System.Threading
open GopherFlow.Storage

/// The executor groups that live executors serve, to detect a misspelled group. They are read at most every two seconds, and only for a
/// group that was not served at the last read.
[<Sealed>]
type ServedGroups(store: IWorkflowStore, clock: TimeProvider) =

    [<Literal>]
    let MostExecutors = 1000

    let freshFor = TimeSpan.FromSeconds 2.
    let mutable known: (int64 * Set<string>) voption = ValueNone

    let read (cancellation: CancellationToken) =
        task {
            let at = clock.GetTimestamp()
            let! executors = store.ExecutorsAsync(MostExecutors, cancellation)
            let now = clock.GetUtcNow()

            let groups =
                executors
                |> Seq.filter (fun executor -> executor.Capacity > 0 && executor.IsAliveAt now)
                |> Seq.collect _.ExecutorGroups
                |> Set.ofSeq

            known <- ValueSome(at, groups)
            return groups
        }

    /// A warning if no live executor serves the group.
    member _.WarningsAsync(group: string, cancellation: CancellationToken) =
        task {
            let! groups =
                match known with
                | ValueSome(at, groups) when groups.Contains group || clock.GetElapsedTime at < freshFor ->
                    task { return groups }
                | _ -> read cancellation

            if groups.Contains group then
                return []
            else
                let served =
                    if groups.IsEmpty then
                        "no executor is alive"
                    else
                        $"""executors serve {String.concat ", " groups}"""

                return [ $"No executor serves the group '{group}' now: {served}." ]
        }

namespace GopherFlow.Server

open System
open System.Threading.Channels
open GopherFlow.Contract
open GopherFlow.Definitions

/// The definitions that a stream has sent last: by name, the newest version and all versions that can run.
type KnownDefinitions = Map<string, string option * Set<string>>

module internal KnownDefinitions =

    let read (registry: DefinitionRegistry) : KnownDefinitions =
        let newest =
            registry.All
            |> Seq.map (fun definition -> definition.Name, definition.Version)
            |> Map.ofSeq

        registry.Runnable
        |> Seq.groupBy _.Name
        |> Seq.map (fun (name, keys) -> name, (Map.tryFind name newest, keys |> Seq.map _.Version |> Set.ofSeq))
        |> Map.ofSeq

    /// The definitions that have changed, each with its newest version.
    let changes (before: KnownDefinitions) (now: KnownDefinitions) : DefinitionEvent list =
        Set.union (Set.ofSeq before.Keys) (Set.ofSeq now.Keys)
        |> List.ofSeq
        |> List.filter (fun name -> Map.tryFind name before <> Map.tryFind name now)
        |> List.map (fun name -> {
            Name = name
            Version = now |> Map.tryFind name |> Option.bind fst
        })

/// Collects the changes of the registry for one stream. Several changes in a row cause one signal.
[<Sealed>]
type DefinitionWatch(registry: DefinitionRegistry) =
    let signal =
        Channel.CreateBounded<unit>(BoundedChannelOptions(1, FullMode = BoundedChannelFullMode.DropWrite))

    let notify = Action(fun () -> signal.Writer.TryWrite() |> ignore)
    do registry.add_Changed notify

    let mutable known = KnownDefinitions.read registry

    /// Has an item to read after a change.
    member _.Reader = signal.Reader

    /// The definitions that have changed, possibly none; None if the registry has not changed. Not thread-safe.
    member _.TryTake() : DefinitionEvent list option =
        match signal.Reader.TryRead() with
        | true, _ ->
            let before = known
            known <- KnownDefinitions.read registry
            Some(KnownDefinitions.changes before known)
        | _ -> None

    interface IDisposable with
        member _.Dispose() = registry.remove_Changed notify

namespace GopherFlow.Server

open System
open System.Threading.Channels
open GopherFlow.Contract
open GopherFlow.Definitions

/// What a stream has last sent of the definitions: by name, the newest version and all that run.
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

    /// The definitions that are not as they were, with the version that is the newest now.
    let changes (before: KnownDefinitions) (now: KnownDefinitions) : DefinitionEvent list =
        Set.union (Set.ofSeq before.Keys) (Set.ofSeq now.Keys)
        |> List.ofSeq
        |> List.filter (fun name -> Map.tryFind name before <> Map.tryFind name now)
        |> List.map (fun name -> {
            Name = name
            Version = now |> Map.tryFind name |> Option.bind fst
        })

/// What has changed in the registry since one stream last asked; a burst counts once.
[<Sealed>]
type DefinitionWatch(registry: DefinitionRegistry) =
    let signal =
        Channel.CreateBounded<unit>(BoundedChannelOptions(1, FullMode = BoundedChannelFullMode.DropWrite))

    let tell = Action(fun () -> signal.Writer.TryWrite() |> ignore)
    do registry.add_Changed tell

    let mutable known = KnownDefinitions.read registry

    /// Has something to read after a change.
    member _.Reader = signal.Reader

    /// What has changed, which may be no definition; None when the registry has not changed. For one caller at a time.
    member _.TryTake() : DefinitionEvent list option =
        match signal.Reader.TryRead() with
        | true, _ ->
            let before = known
            known <- KnownDefinitions.read registry
            Some(KnownDefinitions.changes before known)
        | _ -> None

    interface IDisposable with
        member _.Dispose() = registry.remove_Changed tell

namespace GopherFlow.Server

open System

/// Values by key. When there are too many, the oldest is dropped.
type Remembered<'value> = private {
    ByKey: Map<string, DateTimeOffset * 'value>
    ByAge: Set<DateTimeOffset * string>
}

module internal Remembered =

    let empty<'value> : Remembered<'value> = { ByKey = Map.empty; ByAge = Set.empty }

    let count remembered = remembered.ByKey.Count

    let tryFind key remembered =
        Map.tryFind key remembered.ByKey |> Option.map snd

    let remove key remembered =
        match Map.tryFind key remembered.ByKey with
        | None -> remembered
        | Some(at, _) -> {
            ByKey = Map.remove key remembered.ByKey
            ByAge = Set.remove (at, key) remembered.ByAge
          }

    /// Puts a value as of an instant. Beyond `most` values the oldest is dropped.
    let put most at key value remembered =
        let others = remove key remembered

        let others =
            if count others < most then
                others
            else
                remove (snd (Set.minElement others.ByAge)) others

        {
            ByKey = Map.add key (at, value) others.ByKey
            ByAge = Set.add (at, key) others.ByAge
        }

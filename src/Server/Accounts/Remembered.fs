namespace GopherFlow.Server

open System

/// A bounded map. If it is full, the oldest value is evicted.
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

    /// Sets the value of a key at an instant. Beyond `most` values, the oldest one is evicted.
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

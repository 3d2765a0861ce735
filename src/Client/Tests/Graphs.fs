/// Definitions generated from a seed: a chain with branches, shortcuts, transitions back, loops and unreachable states.
module GopherFlow.Client.Tests.Graphs

open GopherFlow.Contract
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Tests.Samples

/// The next number of a pseudo-random sequence.
let next (seed: int) : int =
    int ((int64 seed * 48271L) % 2147483647L)

/// A sequence of numbers below a bound.
let numbers (seed: int) (bound: int) : int seq =
    seed * 7919 + 1
    |> next
    |> Seq.unfold (fun seed -> Some(seed % bound, next seed))

type private Pick = { Ahead: int; Far: int; Kind: int }

/// Definitions like those that people write: most states lead to the next, every third has two targets, every sixth leads back.
let sized (count: int) (seed: int) : Definition =
    let name i = $"State{i}"

    let picks =
        numbers seed 1000
        |> Seq.truncate (3 * count)
        |> Array.ofSeq
        |> Array.chunkBySize 3
        |> Array.map (fun three -> {
            Kind = three[0]
            Ahead = three[1]
            Far = three[2]
        })

    let goesTo (i: int) = [
        let pick = picks[i]

        if i < count - 1 then
            name (i + 1 + (if pick.Kind % 10 = 0 then 1 else 0) |> min (count - 1))

        if pick.Kind % 3 = 0 then
            name (min (count - 1) (i + 2 + pick.Ahead % 4))

        if pick.Kind % 7 = 0 then
            name (min (count - 1) (i + 2 + pick.Far % (max 1 (count / 3))))

        if pick.Kind % 6 = 1 && i < count - 1 then
            name (i - pick.Ahead % 5 |> max 0)
    ]

    definition $"Sized{count}" [
        for i in 0 .. count - 1 do
            let kind =
                if i = 0 then Start
                elif i = count - 1 then End
                else Normal

            state (name i) kind (if kind = End then [] else goesTo i)
    ]

/// Each state leads to two or three later states, near or far, and every fifth also leads back.
let tangled (count: int) (seed: int) : Definition =
    let name i = $"State{i}"

    let picks =
        numbers seed 1000
        |> Seq.truncate (4 * count)
        |> Array.ofSeq
        |> Array.chunkBySize 4

    let goesTo (i: int) =
        let near, farther, far, back = picks[i][0], picks[i][1], picks[i][2], picks[i][3]

        let ahead pick most =
            name (i + 1 + pick % most |> min (count - 1))

        [
            ahead 0 1
            ahead near 6
            if farther % 2 = 0 then
                ahead far (max 1 (count / 3))
            if back % 5 = 0 && i > 0 then
                name (i - 1 - far % (min i 8))
        ]

    definition $"Tangled{count}" [
        for i in 0 .. count - 1 do
            if i = count - 1 then state (name i) End []
            elif i = 0 then state (name i) Start (goesTo i)
            else state (name i) Normal (goesTo i)
    ]

/// Transitions between any states.
let loose (count: int) (seed: int) : Definition =
    let name i = $"State{i}"

    let targets =
        numbers seed count
        |> Seq.truncate (2 * count)
        |> Array.ofSeq
        |> Array.chunkBySize 2

    definition $"Loose{count}" [
        for i in 0 .. count - 1 do
            state (name i) (if i = 0 then Start else Normal) [
                for target in targets[i] do
                    if target % 4 > 0 then
                        name target
            ]
    ]

/// Numbers over time as a row of small bars.
module GopherFlow.Client.Charts.Spark

open Feliz

let private width = 120.0
let private height = 20.0

/// The SVG path of the bars. Every number above 0 is visible.
let path (numbers: float list) : string =
    let most = numbers |> List.fold max 1.0
    let step = width / float (max 1 numbers.Length)
    let short (number: float) = System.Math.Round(number, 1)

    numbers
    |> List.mapi (fun i number -> i, number)
    |> List.filter (fun (_, number) -> number > 0.0)
    |> List.map (fun (i, number) ->
        let tall = max 1.5 (number / most * height)
        $"M{short (float i * step)} {height}v-{short tall}h{short (step * 0.75)}v{short tall}z")
    |> String.concat ""

let view (label: string) (numbers: float list) : ReactElement =
    Svg.svg [
        svg.viewBox $"0 0 {width} {height}"
        svg.className "spark"
        prop.role "img"
        prop.ariaLabel label
        svg.children [
            Svg.path [ svg.className "spark-ground"; svg.d $"M0 {height - 0.5}h{width}" ]
            Svg.path [ svg.className "spark-bars"; svg.d (path numbers) ]
        ]
    ]

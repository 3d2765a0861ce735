namespace GopherFlow.Server

open System
open System.Globalization
open System.Text.RegularExpressions

/// Parses durations in words: "90 seconds", "1 hour 30 minutes". A text that cannot be parsed completely is rejected.
module internal Offset =

    [<Literal>]
    let Expected =
        "pairs of a number and a unit (milliseconds, seconds, minutes, hours, days, weeks), such as '1 hour 30 minutes'"

    let private longest = TimeSpan.FromDays(365. * 100.)

    let private pattern =
        Regex(@"^\s*(?:(?<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(?<unit>[a-z]+)(?:\s+|$))+$", RegexOptions.IgnoreCase)

    let private unitOf (word: string) =
        match word.ToLowerInvariant() with
        | "ms"
        | "millisecond"
        | "milliseconds" -> Some(TimeSpan.FromMilliseconds 1.)
        | "s"
        | "sec"
        | "secs"
        | "second"
        | "seconds" -> Some(TimeSpan.FromSeconds 1.)
        | "m"
        | "min"
        | "mins"
        | "minute"
        | "minutes" -> Some(TimeSpan.FromMinutes 1.)
        | "h"
        | "hour"
        | "hours" -> Some(TimeSpan.FromHours 1.)
        | "d"
        | "day"
        | "days" -> Some(TimeSpan.FromDays 1.)
        | "w"
        | "week"
        | "weeks" -> Some(TimeSpan.FromDays 7.)
        | _ -> None

    let private addPair (total: TimeSpan option) (number: string, unit: string) =
        match total, unitOf unit with
        | Some total, Some unit ->
            let amount = Double.Parse(number, CultureInfo.InvariantCulture)

            if amount * unit.TotalDays + total.TotalDays > longest.TotalDays then
                None
            else
                Some(total + unit * amount)
        | _ -> None

    /// Parses a duration of at most a hundred years.
    let parse (text: string) =
        match pattern.Match text with
        | found when found.Success ->
            Seq.zip found.Groups["number"].Captures found.Groups["unit"].Captures
            |> Seq.map (fun (number, unit) -> number.Value, unit.Value)
            |> Seq.fold addPair (Some TimeSpan.Zero)
        | _ -> None

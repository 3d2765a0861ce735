namespace GopherFlow.Server

open System
open System.Text

/// Makes text from clients safe to log.
module internal LogText =

    [<Literal>]
    let private Longest = 200

    /// Removes control characters, which could forge log lines, and truncates the text.
    let oneLine (text: string) =
        let cut =
            if text.Length <= Longest then
                text
            else
                text.Substring(0, Longest) + "..."

        if Seq.exists Char.IsControl cut then
            let safe = StringBuilder()

            for character in cut do
                if Char.IsControl character then
                    safe.Append($"\\u{int character:x4}") |> ignore
                else
                    safe.Append character |> ignore

            safe.ToString()
        else
            cut

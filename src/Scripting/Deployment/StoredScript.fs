namespace GopherFlow.Scripting

open System
open System.IO
open System.Text.RegularExpressions
open GopherFlow.Storage

/// Names and stored form of scripts. A script has the name of its workflow; its file name adds the extension .fsx.
module internal StoredScript =

    [<Literal>]
    let Extension = ".fsx"

    [<Literal>]
    let NameRule =
        "a letter, then letters, digits, '-' or '_', at most 100 characters in all"

    let private validName =
        Regex(@"^\p{L}[\p{L}\p{Nd}_-]{0,99}$", RegexOptions.CultureInvariant)

    let isSoundName (name: string) = validName.IsMatch name

    let nameOf (source: ScriptSource) =
        string (Path.GetFileNameWithoutExtension source.Name)

    let fileOf (name: string) = name + Extension

    let toSource (stored: ScriptVersionRecord) : ScriptSource = {
        Name = fileOf stored.Name
        Text = stored.Source
        Loaded = StoredJson.toLoaded stored.Loaded
    }

    let ofSource (source: ScriptSource) (origin: string) (author: string) (now: DateTimeOffset) =
        ScriptVersionRecord(
            nameOf source,
            ScriptVersion.Of source,
            source.Text,
            StoredJson.ofLoaded source.Loaded,
            origin,
            author,
            now
        )

namespace GopherFlow.Scripting

open System
open System.IO

/// Name, modification time and length of each file. Detects changes in a folder without reading the files.
type internal FolderStamp = Set<string * DateTime * int64>

module internal FolderStamp =

    /// The target of a link, or the file itself. A link does not change when its target does: Kubernetes updates the files of a volume by
    /// repointing a single link.
    let private contentOf (entry: FileInfo) =
        match entry.LinkTarget with
        | null -> entry
        | _ ->
            match entry.ResolveLinkTarget true with
            | :? FileInfo as target -> target
            | _ -> entry

    let private lengthOf (file: FileInfo) =
        if file.Exists then file.Length else -1L

    let private ofFiles (extensions: string list) (folder: string) : FolderStamp =
        DirectoryInfo(folder).EnumerateFiles()
        |> Seq.filter (fun file -> List.contains file.Extension extensions)
        |> Seq.map (fun file ->
            let content = contentOf file
            file.Name, content.LastWriteTimeUtc, lengthOf content)
        |> Set.ofSeq

    let ofScripts (folder: string) : FolderStamp =
        ofFiles [ StoredScript.Extension; ".fs" ] folder

    let ofLibraries (folder: string) : FolderStamp =
        let libraries = ScriptFolder.libraries folder

        if Directory.Exists libraries then
            ofFiles [ ".dll" ] libraries
        else
            Set.empty

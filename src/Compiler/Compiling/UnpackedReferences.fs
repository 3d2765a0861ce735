namespace GopherFlow.Scripting

open System
open System.IO

/// The assemblies that a single file unpacks for the compiler, once for each build of the program.
module internal UnpackedReferences =

    [<Literal>]
    let private Prefix = "references-"

    let private removeOthers (folder: string) (kept: string) =
        for other in Directory.EnumerateDirectories(folder, Prefix + "*") do
            if other <> kept then
                try
                    Directory.Delete(other, recursive = true)
                with
                | :? IOException
                | :? UnauthorizedAccessException -> ()

    /// When two do it at once, the second finds the folder of the first.
    let private moveInto (unpacked: string) (target: string) =
        try
            Directory.Move(unpacked, target)
        with :? IOException when Directory.Exists target ->
            Directory.Delete(unpacked, recursive = true)

    /// Unpacks them unless they are there; nobody ever sees half of them.
    let inFolder (folder: string) (single: SingleFile) (files: CarriedFile list) : string list =
        let target = Path.Combine(folder, Prefix + single.Id)

        if not (Directory.Exists target) then
            PrivateFolder.prepare folder
            let unpacked = Path.Combine(folder, $"unpacking-{Guid.NewGuid():N}")
            PrivateFolder.prepare unpacked

            for file in files do
                SingleFile.extract single file (Path.Combine(unpacked, string (Path.GetFileName file.Path)))

            moveInto unpacked target
            removeOthers folder target

        Directory.EnumerateFiles(target, "*.dll") |> Seq.sort |> List.ofSeq

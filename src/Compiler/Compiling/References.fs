namespace GopherFlow.Scripting

open System
open System.IO
open System.Reflection.Metadata
open System.Reflection.PortableExecutable

/// The assemblies that every script can use: those of the framework and of the application.
type internal References = {
    /// The paths of the assemblies. A program that is published as a single file unpacks them on demand.
    Paths: unit -> string list
    /// Identifies the references of a cached assembly: the name and module version id of each, or the id of the single file.
    Identities: Lazy<string list>
}

module internal References =

    /// Assemblies that workflows do not use, although they are available. Each costs time in every compilation.
    let private isOfNoUse (name: string) =
        [
            "Microsoft.VisualBasic"
            "Microsoft.CodeAnalysis"
            "FSharp.Compiler"
            "FSharp.DependencyManager"
            "Mono.Cecil"
            "System.Private.Xml"
            "System.Private.DataContractSerialization"
            "WindowsBase"
            "xunit"
            "Expecto"
            "Microsoft.Testing"
            "Microsoft.TestPlatform"
            "Microsoft.AspNetCore"
            "Microsoft.JSInterop"
        ]
        |> List.exists (fun prefix -> name.StartsWith(prefix, StringComparison.Ordinal))

    let private mvidOf (path: string) =
        use file = File.OpenRead path
        use image = new PEReader(file)
        let metadata = image.GetMetadataReader()
        metadata.GetGuid(metadata.GetModuleDefinition().Mvid)

    let private isManaged (path: string) =
        use file = File.OpenRead path
        use image = new PEReader(file)
        image.HasMetadata

    let private trusted () =
        match AppContext.GetData "TRUSTED_PLATFORM_ASSEMBLIES" with
        | :? string as paths ->
            paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            |> List.ofArray
        | _ -> []

    let private besideTheApp () =
        Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        |> Seq.filter isManaged
        |> List.ofSeq

    let private nameOf (path: string) =
        string (Path.GetFileNameWithoutExtension path)

    let private needed = [ "System.Runtime"; "FSharp.Core"; "GopherFlow.Engine"; "GopherFlow.Scripting" ]

    let private haveAll (names: string list) =
        needed |> List.except names |> List.isEmpty

    let private ofFiles (paths: string list) : References = {
        Paths = fun () -> paths
        Identities = lazy (paths |> List.map (fun path -> $"{nameOf path} {mvidOf path}"))
    }

    let private isUseful (carried: CarriedFile) =
        carried.IsAssembly
        && carried.Path.EndsWith(".dll", StringComparison.Ordinal)
        && not (isOfNoUse (nameOf carried.Path))

    let private ofSingleFile (folder: string option) (single: SingleFile) : References =
        let carried = single.Files |> List.filter isUseful

        let temporary =
            lazy Directory.CreateTempSubdirectory("gopherflow-references-").FullName

        let unpackInto place =
            UnpackedReferences.inFolder place single carried

        let unpack () =
            try
                unpackInto (folder |> Option.defaultWith temporary.Force)
            with
            | :? IOException
            | :? UnauthorizedAccessException when folder.IsSome -> unpackInto (temporary.Force())

        {
            Paths = unpack
            Identities = lazy [ single.Id ]
        }

    let private singleFile () =
        Option.ofObj Environment.ProcessPath
        |> Option.bind SingleFile.tryRead
        |> Option.filter (fun single -> haveAll (single.Files |> List.filter isUseful |> List.map (_.Path >> nameOf)))

    /// <summary>Finds the references; an error message if there are none.</summary>
    /// <param name="folder">
    /// The folder into which a single-file program unpacks the assemblies. If there is none or it cannot be written, a temporary folder is
    /// used.
    /// </param>
    let find (folder: string option) : Result<References, string> =
        let paths =
            (match trusted () with
             | [] -> besideTheApp ()
             | paths -> paths)
            |> List.filter (fun path -> File.Exists path && not (isOfNoUse (nameOf path)))
            |> List.distinctBy nameOf
            |> List.sort

        match needed |> List.except (paths |> List.map nameOf) with
        | [] -> Ok(ofFiles paths)
        | missing ->
            match singleFile () with
            | Some single -> Ok(ofSingleFile folder single)
            | None ->
                let names = String.concat ", " missing

                Error
                    $"F# scripts cannot be compiled here: the compiler needs {names} as files, and they are neither among the trusted platform assemblies, nor in '{AppContext.BaseDirectory}', nor in the program itself."

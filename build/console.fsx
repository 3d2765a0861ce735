/// Installs the npm packages of the console and builds it, each only if its sources have changed.
module ConsoleBuild

#load "commands.fsx"

open System
open System.IO
open System.Security.Cryptography
open Commands

let client = repoPath "src/Client"

let npm words arguments = {
    commandLine (if OperatingSystem.IsWindows() then "npm.cmd" else "npm") words arguments with
        Folder = client
}

let hashOf (files: string seq) =
    use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

    for file in files |> Seq.sort do
        hash.AppendData(Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)))
        hash.AppendData(File.ReadAllBytes file)

    Convert.ToHexString(hash.GetHashAndReset())

let isStamped stamp text =
    File.Exists stamp && File.ReadAllText stamp = text

let writeStamp (stamp: string) (text: string) =
    Directory.CreateDirectory(Path.GetDirectoryName stamp) |> ignore
    File.WriteAllText(stamp, text)

let requireNode () =
    match tryRead "node" [ "--version" ] with
    | Some version when int (version.TrimStart('v').Split('.')[0]) >= 20 -> ()
    | found ->
        let seen = found |> Option.map (sprintf "; found %s") |> Option.defaultValue ""
        halt $"Building the console needs Node.js 20 or newer, with npm{seen}. Get it from https://nodejs.org."

let installPackagesIn folder =
    requireNode ()
    let stamp = Path.Combine(folder, "node_modules/.installed-from")
    let wanted = hashOf [ Path.Combine(folder, "package-lock.json") ]

    if not (isStamped stamp wanted) then
        runOrFail {
            npm "ci --no-audit --no-fund" [] with
                Folder = folder
        }

        writeStamp stamp wanted

let installPackages () = installPackagesIn client

let private generatedFolders =
    set [
        "node_modules"
        "dist"
        "bin"
        "obj"
        ".fable"
        ".vite"
        "fable_modules"
        "artifacts"
    ]

let rec private sourcesIn folder =
    let folders =
        Directory.EnumerateDirectories folder
        |> Seq.filter (fun path -> not (generatedFolders.Contains(Path.GetFileName path)))

    let isSource (path: string) =
        not (path.EndsWith ".fs.js" || path.EndsWith ".fs.jsx")

    Seq.append (Directory.EnumerateFiles folder |> Seq.filter isSource) (Seq.collect sourcesIn folders)

let buildConsole () =
    installPackages ()
    let stamp = repoPath "artifacts/console.built-from"

    let wanted =
        hashOf (Seq.append (sourcesIn client) (sourcesIn (repoPath "src/Contract")))

    let isThere = File.Exists(Path.Combine(client, "dist/index.html"))

    if not (isThere && isStamped stamp wanted) then
        runOrFail (npm "run build" [])
        writeStamp stamp wanted

namespace GopherFlow.Server

open System
open System.IO
open System.IO.Compression
open System.Reflection
open System.Security.Cryptography
open Microsoft.AspNetCore.StaticFiles

/// The content encoding of a file.
type Packing =
    | Plain
    | Gzip
    | Brotli

/// One file of the console.
type Asset = {
    ContentType: string
    /// Changes whenever the content changes.
    ETag: string
    /// Whether the file name contains a hash of the content, so that clients can cache the file forever.
    IsImmutable: bool
    Bytes: Map<Packing, Lazy<byte array>>
}

/// The console's files, embedded in this assembly: `all`, by path.
module internal Assets =

    [<Literal>]
    let Index = "/index.html"

    [<Literal>]
    let private ResourcePrefix = "console/"

    let private contentTypes = FileExtensionContentTypeProvider()

    let private contentTypeOf (path: string) =
        match contentTypes.TryGetContentType path with
        | true, contentType when contentType.StartsWith("text/", StringComparison.Ordinal) ->
            $"{contentType}; charset=utf-8"
        | true, contentType -> contentType
        | _ -> "application/octet-stream"

    let private isPackable (contentType: string) =
        [ "text/"; "application/json"; "application/javascript"; "image/svg+xml" ]
        |> List.exists (fun prefix -> contentType.StartsWith(prefix, StringComparison.Ordinal))

    let private pack (packer: Stream -> Stream) (bytes: byte array) =
        use packed = new MemoryStream()

        using (packer packed) (fun stream -> stream.Write(ReadOnlySpan bytes))
        packed.ToArray()

    let private gzip (packed: Stream) : Stream =
        new GZipStream(packed, CompressionLevel.Optimal, leaveOpen = true)

    let private brotli (packed: Stream) : Stream =
        new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen = true)

    /// A file by its path and content.
    let create (path: string) (bytes: byte array) =
        let contentType = contentTypeOf path

        {
            ContentType = contentType
            ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData bytes).Substring(0, 16)}\""
            IsImmutable = path.StartsWith("/assets/", StringComparison.Ordinal)
            Bytes =
                Map.ofList [
                    Plain, lazy bytes
                    if isPackable contentType then
                        Gzip, lazy (pack gzip bytes)
                        Brotli, lazy (pack brotli bytes)
                ]
        }

    let private read (assembly: Assembly) (resource: string) =
        match assembly.GetManifestResourceStream resource with
        | null -> raise (FileNotFoundException $"The resource {resource} is listed but cannot be opened.")
        | stream ->
            use stream = stream
            use copy = new MemoryStream()
            stream.CopyTo copy
            copy.ToArray()

    /// All files that were embedded when the server was compiled; none if the console had not been built.
    let all () =
        let assembly = Assembly.GetExecutingAssembly()

        assembly.GetManifestResourceNames()
        |> Seq.map (fun resource -> resource, resource.Replace('\\', '/'))
        |> Seq.filter (fun (_, name) -> name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        |> Seq.map (fun (resource, name) -> "/" + name.Substring ResourcePrefix.Length, read assembly resource)
        |> Seq.map (fun (path, bytes) -> path, create path bytes)
        |> Map.ofSeq

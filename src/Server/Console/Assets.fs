namespace GopherFlow.Server

open System
open System.IO
open System.IO.Compression
open System.Reflection
open System.Security.Cryptography
open Microsoft.AspNetCore.StaticFiles

/// How the bytes of a file are packed for sending.
type Packing =
    | Plain
    | Gzip
    | Brotli

/// One file of the console.
type Asset = {
    ContentType: string
    /// Names the content: changes when the content does.
    ETag: string
    /// Whether the name changes when the content does, so that it can be kept for ever.
    IsImmutable: bool
    Bytes: Map<Packing, Lazy<byte array>>
}

/// The console's files, which are part of this assembly: `all`, by path.
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
        | null -> raise (FileNotFoundException $"The resource {resource} is listed, yet not there.")
        | stream ->
            use stream = stream
            use copy = new MemoryStream()
            stream.CopyTo copy
            copy.ToArray()

    /// Every file that was there when the server was compiled; none when the console had not been built.
    let all () =
        let assembly = Assembly.GetExecutingAssembly()

        assembly.GetManifestResourceNames()
        |> Seq.map (fun resource -> resource, resource.Replace('\\', '/'))
        |> Seq.filter (fun (_, name) -> name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
        |> Seq.map (fun (resource, name) -> "/" + name.Substring ResourcePrefix.Length, read assembly resource)
        |> Seq.map (fun (path, bytes) -> path, create path bytes)
        |> Map.ofSeq

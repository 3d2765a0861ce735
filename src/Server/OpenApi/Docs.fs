namespace GopherFlow.Server

open System
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq

/// The XML comments of the contract's types and members.
module internal Docs =

    [<Literal>]
    let private Resource = "contract.xml"

    let private blanks = Regex @"\s+"

    let private read () =
        match Assembly.GetExecutingAssembly().GetManifestResourceStream Resource with
        | null -> Map.empty
        | stream ->
            use stream = stream
            let name = XName.Get "name"

            XDocument.Load(stream).Descendants(XName.Get "member")
            |> Seq.choose (fun element ->
                match element.Attribute name with
                | null -> None
                | attribute -> Some(attribute.Value, blanks.Replace(element.Value, " ").Trim()))
            |> Map.ofSeq

    let private known = lazy read ()

    /// The comment of a type.
    let ofType (contract: Type) =
        known.Value.TryFind $"T:{contract.FullName}"

    /// The comment of a member of a record.
    let ofMember (record: Type) (name: string) =
        known.Value.TryFind $"P:{record.FullName}.{name}"

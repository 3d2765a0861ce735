using GopherFlow.Authoring;

namespace GopherFlow.Ordering;

public sealed record Article(string Name);

[Workflow("Packages", "Packs one article, and returns the weight of the package")]
public sealed partial class Packages : Workflow<Article, int>
{
    [Start]
    public NextState Pack() => To.Packed;

    [End]
    public int Packed() => 100 + Data.Name.Length;
}

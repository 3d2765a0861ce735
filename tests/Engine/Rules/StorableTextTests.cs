using System.Text;
using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Rules;

namespace GopherFlow.Engine.Tests.Rules;

/// <summary>Texts that every database can store.</summary>
public sealed class StorableTextTests
{
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private static Gen<string> Texts =>
        Gen.Elements('a', '\0', '\uD83D', '\uDE00', '\uFFFD', 'é').ArrayOf().Select(chars => new string(chars));

    [Fact]
    public void Every_truncated_text_can_be_stored() =>
        Prop.ForAll(
                Arb.From(Texts),
                Arb.From(Gen.Choose(0, 12)),
                (text, length) =>
                {
                    var kept = text.CutAt(length).Storable();
                    _ = Strict.GetBytes(kept);
                    return kept.Length <= length && !kept.Contains('\0');
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Only_characters_that_cannot_be_stored_are_replaced()
    {
        Assert.Equal("plain é", "plain é".Storable());
        Assert.Equal("\uD83D\uDE00", "\uD83D\uDE00".Storable());
        Assert.Equal("\uFFFD\uFFFD\uFFFD", "\uDE00\uD83D\0".Storable());
    }

    [Theory]
    [InlineData("a\uD83D\uDE00b", 2, "a")]
    [InlineData("a\uD83D\uDE00b", 3, "a\uD83D\uDE00")]
    [InlineData("ab", 2, "ab")]
    [InlineData("ab", 0, "")]
    public void A_text_is_not_cut_within_a_character(string text, int length, string beginning) =>
        Assert.Equal(beginning, text.CutAt(length));
}

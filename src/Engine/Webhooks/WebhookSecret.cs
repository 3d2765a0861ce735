using System.Buffers.Text;

namespace GopherFlow.Webhooks;

/// <summary>The shared secret of a receiver, in the format of the Standard Webhooks specification: <c>whsec_</c> and base64.</summary>
internal sealed class WebhookSecret
{
    /// <summary>The expected format, for error messages.</summary>
    public const string Expected = "whsec_ and then 24 to 64 random bytes in base64";

    private const string Prefix = "whsec_";
    private const int FewestBytes = 24;
    private const int MostBytes = 64;

    private WebhookSecret(byte[] key) => Key = key;

    /// <summary>The key of the HMAC.</summary>
    public byte[] Key { get; }

    /// <summary>Parses a secret. Returns null if the text is not valid.</summary>
    public static WebhookSecret? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Base64.IsValid(text.AsSpan(Prefix.Length)))
        {
            return null;
        }

        var key = Convert.FromBase64String(text[Prefix.Length..]);
        return key.Length is >= FewestBytes and <= MostBytes ? new WebhookSecret(key) : null;
    }
}

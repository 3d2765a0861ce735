using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GopherFlow.Webhooks;

/// <summary>
/// Signs requests according to the Standard Webhooks specification (standardwebhooks.com): the base64 of an HMAC-SHA256 over id, timestamp
/// and body, separated by full stops.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>
    /// The value of the header <c>webhook-signature</c>: one signature per secret, so a receiver can verify it with either secret during a
    /// rotation.
    /// </summary>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="sent">The value of <c>webhook-timestamp</c>, in whole seconds.</param>
    /// <param name="body">The exact bytes of the body.</param>
    /// <param name="secrets">The secrets, at least one.</param>
    public static string Of(
        string id,
        DateTimeOffset sent,
        ReadOnlySpan<byte> body,
        IReadOnlyList<WebhookSecret> secrets
    )
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{Timestamp(sent)}."), .. body];
        return string.Join(
            ' ',
            secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret.Key, content))}")
        );
    }

    /// <summary>The value of the header <c>webhook-timestamp</c>: seconds since 1970.</summary>
    public static string Timestamp(DateTimeOffset sent) =>
        sent.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

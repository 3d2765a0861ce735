using System.Text;
using GopherFlow.Webhooks;

namespace GopherFlow.Engine.Tests.Webhooks;

/// <summary>Signatures follow the Standard Webhooks specification.</summary>
public sealed class WebhookSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset Sent = DateTimeOffset.FromUnixTimeSeconds(1_614_265_330);
    private static readonly WebhookSecret Known = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    /// <summary>The example from the public implementations.</summary>
    [Fact]
    public void The_signature_matches_the_public_example() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(Id, Sent, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""), [Known])
        );

    [Fact]
    public void Each_secret_gives_a_signature()
    {
        var body = "{}"u8.ToArray();
        var next = Secret("whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw");

        Assert.Equal(
            $"{WebhookSignature.Of(Id, Sent, body, [Known])} {WebhookSignature.Of(Id, Sent, body, [next])}",
            WebhookSignature.Of(Id, Sent, body, [Known, next])
        );
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64!")]
    public void A_malformed_secret_is_rejected(string text) => Assert.Null(WebhookSecret.TryParse(text));

    private static WebhookSecret Secret(string text) => WebhookSecret.TryParse(text)!;
}

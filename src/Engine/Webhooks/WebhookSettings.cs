using System.Text.RegularExpressions;
using GopherFlow.Settings;

namespace GopherFlow.Webhooks;

/// <summary>Reads the webhook receivers from the settings. Error messages contain neither secrets nor addresses.</summary>
internal static partial class WebhookSettings
{
    private const string Urls = "GFLOW_WEBHOOK_URLS";
    private const string Secrets = "GFLOW_WEBHOOK_SECRETS";
    private const int MostSecrets = 2;

    public static WebhookTargets Read(SettingsReader settings)
    {
        var urls = UrlsOf(settings);
        var secrets = SecretsOf(settings);
        foreach (var name in urls.Keys.Where(name => !secrets.Contains(name)))
        {
            settings.SecretFault(Secrets, $"has no secret for '{name}'; expected {name}={WebhookSecret.Expected}");
        }

        foreach (var same in secrets)
        {
            if (!urls.ContainsKey(same.Key))
            {
                settings.SecretFault(Secrets, $"names '{same.Key}', for which {Urls} has no address");
            }

            if (same.Count() > MostSecrets)
            {
                settings.SecretFault(
                    Secrets,
                    $"has {same.Count()} secrets for '{same.Key}'; expected one, or two during a rotation"
                );
            }
        }

        return new WebhookTargets(
            [.. urls.Select(url => new WebhookTarget(url.Key, url.Value, [.. secrets[url.Key]]))],
            settings.Duration(
                "GFLOW_WEBHOOK_TIMEOUT",
                TimeSpan.FromSeconds(15),
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromMinutes(1)
            )
        );
    }

    private static Dictionary<string, Uri> UrlsOf(SettingsReader settings)
    {
        var urls = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var (name, text) in PairsOf(settings, Urls))
        {
            if (!IsValid(text, out var url))
            {
                settings.SecretFault(
                    Urls,
                    $"has no valid address for '{name}'; expected http:// or https:// with a host, without a user and without a fragment"
                );
            }
            else if (!urls.TryAdd(name, url))
            {
                settings.SecretFault(Urls, $"names '{name}' twice; expected each name once");
            }
        }

        return urls;
    }

    private static ILookup<string, WebhookSecret> SecretsOf(SettingsReader settings)
    {
        var secrets = new List<(string Name, WebhookSecret Secret)>();
        foreach (var (name, text) in PairsOf(settings, Secrets))
        {
            if (WebhookSecret.TryParse(text) is { } secret)
            {
                secrets.Add((name, secret));
            }
            else
            {
                settings.SecretFault(Secrets, $"has no valid secret for '{name}'; expected {WebhookSecret.Expected}");
            }
        }

        return secrets.ToLookup(pair => pair.Name, pair => pair.Secret, StringComparer.Ordinal);
    }

    private static bool IsValid(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.UserInfo.Length == 0
        && url.Fragment.Length == 0;

    /// <summary>Parses a setting of the form <c>name=value name=value</c>.</summary>
    private static IEnumerable<(string Name, string Value)> PairsOf(SettingsReader settings, string setting)
    {
        var text = settings.OptionalText(setting) ?? "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Pair().Match(word) is { Success: true } pair)
            {
                yield return (pair.Groups["name"].Value, pair.Groups["value"].Value);
            }
            else
            {
                settings.SecretFault(
                    setting,
                    "has a word that is not of the form name=value; expected names of letters from a to z, digits and -, and blanks between the pairs"
                );
            }
        }
    }

    [GeneratedRegex("^(?<name>[a-z0-9-]{1,40})=(?<value>.+)$")]
    private static partial Regex Pair();
}

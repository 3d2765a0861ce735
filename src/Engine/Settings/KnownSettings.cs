namespace GopherFlow.Settings;

/// <summary>
/// The names of all GopherFlow settings that begin with <c>GFLOW_</c>. Any other name with this prefix is probably a typo, and the setting
/// that was meant silently keeps its default.
/// </summary>
public static class KnownSettings
{
    private const string Prefix = "GFLOW_";

    /// <summary>The minimum likeness for suggesting a known name: 1 means equal, 0 means no letter in common.</summary>
    private const double Alike = 0.5;

    /// <summary>Prefixes of settings for the tests and the load tool. A server in the same environment ignores them.</summary>
    private static readonly string[] OfTools = ["GFLOW_TEST_", "GFLOW_BENCH_"];

    /// <summary>All names: of the engine, the stores, the server, scripts and the demo.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "GFLOW_DATABASE_TYPE",
        "GFLOW_DATABASE_URL",
        "GFLOW_DATABASE_SQLLITE_FILE_NAME",
        "GFLOW_DATABASE_SQLITE_SYNCHRONOUS",
        "GFLOW_ENGINE_ENABLED",
        "GFLOW_ENGINE_EXECUTOR_GROUP",
        "GFLOW_ENGINE_EXECUTOR_SIZE",
        "GFLOW_ENGINE_BATCH_SIZE",
        "GFLOW_ENGINE_CHECK_DB_INTERVAL",
        "GFLOW_ENGINE_LEASE",
        "GFLOW_ENGINE_PRIORITY_STEP",
        "GFLOW_ENGINE_STUCK_WORKFLOWS_REPAIR_AFTER_MINUTES",
        "GFLOW_ENGINE_STUCK_WORKFLOWS_INTERVAL",
        "GFLOW_ENGINE_GRACE_PERIOD",
        "GFLOW_ENGINE_SIGNALS_LIMIT",
        "GFLOW_ENGINE_STATE_TIMEOUT",
        "GFLOW_ENGINE_ON_COMMIT_TIMEOUT",
        "GFLOW_ENGINE_STEPS_WITHOUT_WAIT",
        "GFLOW_ENGINE_VARIABLES_LIMIT",
        "GFLOW_ENGINE_RETENTION_FINISHED",
        "GFLOW_ENGINE_RETENTION_FAILED",
        "GFLOW_ENGINE_RETENTION_CANCELLED",
        "GFLOW_ENGINE_RETENTION_SIGNALS",
        "GFLOW_ENGINE_RETENTION_SCRIPT_VERSIONS",
        "GFLOW_ENGINE_RETENTION_AUDIT",
        "GFLOW_ENGINE_RETENTION_INTERVAL",
        "GFLOW_ENGINE_CREATE_QUEUE",
        "GFLOW_ENGINE_CREATE_WAIT",
        "GFLOW_WEBHOOK_URLS",
        "GFLOW_WEBHOOK_SECRETS",
        "GFLOW_WEBHOOK_TIMEOUT",
        "GFLOW_SERVER_ENABLED",
        "GFLOW_ENGINE_SERVER_WEB_PORT",
        "GFLOW_ADMIN_PASSWORD",
        "GFLOW_ADMIN_API_KEY",
        "GFLOW_WEB_SESSION_EXPIRY_HOURS",
        "GFLOW_WEB_MAX_BODY_BYTES",
        "GFLOW_WEB_MAX_WAIT_SECONDS",
        "GFLOW_OIDC_AUTHORITY",
        "GFLOW_OIDC_CLIENT_ID",
        "GFLOW_OIDC_CLIENT_SECRET",
        "GFLOW_OIDC_SCOPES",
        "GFLOW_OIDC_ROLE_CLAIM",
        "GFLOW_OIDC_ADMIN_VALUES",
        "GFLOW_OIDC_OPERATOR_VALUES",
        "GFLOW_OIDC_VIEWER_VALUES",
        "GFLOW_WEB_MAX_STREAMS",
        "GFLOW_ALLOWED_HOSTS",
        "GFLOW_TRUSTED_PROXIES",
        "GFLOW_METRICS",
        "GFLOW_SCRIPTS_DIR",
        "GFLOW_SCRIPTS_CACHE",
        "GFLOW_SCRIPTS_DEPLOY",
        "GFLOW_SCRIPTS_LOAD_LIMIT",
        "GFLOW_DEMO_SPEED",
        "GFLOW_DEMO_IP_URL",
        "GFLOW_DEMO_JOB_URL",
    ];

    /// <summary>Returns a warning for each unknown name with the prefix. Names are compared without regard to case.</summary>
    /// <param name="set">The names of all variables that are set, including those that do not belong to GopherFlow.</param>
    /// <param name="own">Further known names, which the application itself reads.</param>
    public static IReadOnlyList<string> WarningsFor(IEnumerable<string> set, IEnumerable<string> own)
    {
        var known = Names.Concat(own).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. set.Where(name => Begins(name, Prefix))
                .Where(name => !known.Contains(name) && !OfTools.Any(tool => Begins(name, tool)))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(name => WarningFor(name, known.Where(other => Begins(other, Prefix)))),
        ];
    }

    private static bool Begins(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static string WarningFor(string name, IEnumerable<string> known)
    {
        var nearest = known.MaxBy(other => Likeness(name[Prefix.Length..], other[Prefix.Length..]))!;
        return Likeness(name[Prefix.Length..], nearest[Prefix.Length..]) >= Alike
            ? $"{name} is not a setting; did you mean {nearest}?"
            : $"{name} is not a setting, and no setting has a similar name.";
    }

    /// <summary>
    /// The length of the longest common subsequence relative to the length of both names. A missing word lowers it less than a wrong one.
    /// </summary>
    private static double Likeness(string left, string right)
    {
        var lengths = new int[left.Length + 1, right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                lengths[i, j] =
                    char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1])
                        ? lengths[i - 1, j - 1] + 1
                        : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return 2.0 * lengths[left.Length, right.Length] / Math.Max(1, left.Length + right.Length);
    }
}

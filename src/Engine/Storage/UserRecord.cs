using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>The identity of a user at an OpenID Connect provider.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The user, for the provider; never given to another.</param>
public sealed record ExternalIdentity(string Issuer, string Subject)
{
    /// <summary>The most characters of an issuer.</summary>
    public const int LongestIssuer = 500;

    /// <summary>The most characters of a subject, as OpenID Connect has it.</summary>
    public const int LongestSubject = 255;

    /// <summary>Whether both are there, in visible ASCII, and not too long.</summary>
    public bool IsSound => IsVisible(Issuer, LongestIssuer) && IsVisible(Subject, LongestSubject);

    private static bool IsVisible(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(character => character is >= ' ' and <= '~');
}

/// <summary>A user to add.</summary>
/// <param name="Username">Unique, whatever its case; see <see cref="Usernames"/>.</param>
/// <param name="PasswordHash">The slow salted hash of the password; null for a user without one.</param>
/// <param name="Role">One of <see cref="AccountRoles"/>.</param>
/// <param name="Created">The instant.</param>
public sealed record NewUser(string Username, string? PasswordHash, string Role, DateTimeOffset Created)
{
    /// <summary>The most characters of a display name.</summary>
    public const int LongestDisplayName = 200;

    /// <summary>Unique, whatever its case.</summary>
    public string Username
    {
        get;
        init => field = Usernames.Required(value);
    } = Usernames.Required(Username);

    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public string Role
    {
        get;
        init => field = AccountRoles.Required(value);
    } = AccountRoles.Required(Role);

    /// <summary>The instant.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>How the user is shown, or null.</summary>
    public string? DisplayName
    {
        get;
        init => field = value?.CutAt(LongestDisplayName).Storable();
    }

    /// <summary>Whether the user may sign in.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Who the user is for an OpenID Connect provider, or null.</summary>
    public ExternalIdentity? External
    {
        get;
        init =>
            field = value is null or { IsSound: true }
                ? value
                : throw new ArgumentException("An issuer and a subject are visible ASCII.", nameof(External));
    }
}

/// <summary>A user as stored.</summary>
public sealed record UserRecord
{
    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>Unique, whatever its case.</summary>
    public required string Username { get; init; }

    /// <summary>How the user is shown, or null.</summary>
    public string? DisplayName { get; init; }

    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>The slow salted hash of the password; null for a user without one.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Whether the user may sign in.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the user last opened a session.</summary>
    public DateTimeOffset? LastSignIn { get; init; }

    /// <summary>Who the user is for an OpenID Connect provider, or null.</summary>
    public ExternalIdentity? External { get; init; }

    /// <summary>How often the user was changed.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether it is an enabled admin, of whom the last must stay.</summary>
    internal bool IsEnabledAdmin => Enabled && Role == AccountRoles.Admin;

    /// <summary>The user after a change.</summary>
    internal UserRecord After(UserChange change) =>
        this with
        {
            DisplayName =
                change.DisplayName is null ? DisplayName
                : change.DisplayName.Length == 0 ? null
                : change.DisplayName,
            Role = change.Role ?? Role,
            Enabled = change.Enabled ?? Enabled,
            PasswordHash = change.PasswordHash ?? PasswordHash,
            Revision = Revision + 1,
        };
}

/// <summary>A page of users.</summary>
/// <param name="Limit">The most users in the page.</param>
/// <param name="AfterId">Only those with a larger id.</param>
public sealed record UserSearch(int Limit, long AfterId = 0);

/// <summary>What is to be changed of a user; what is null stays.</summary>
public sealed record UserChange
{
    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public string? Role
    {
        get;
        init => field = value is null ? null : AccountRoles.Required(value);
    }

    /// <summary>Whether the user may sign in.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The hash of a new password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>How the user is shown; empty for the user name.</summary>
    public string? DisplayName
    {
        get;
        init => field = value?.CutAt(NewUser.LongestDisplayName).Storable();
    }

    /// <summary>The session that outlasts a new password: the one in which it was changed.</summary>
    public long? KeptSessionId { get; init; }

    /// <summary>Which revision of the user is meant; null for any.</summary>
    public long? Revision { get; init; }
}

/// <summary>What became of the change of a user.</summary>
public enum UserVerdict
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>There is no such user.</summary>
    NotFound,

    /// <summary>The user is the last enabled admin, and has to stay one.</summary>
    LastAdmin,

    /// <summary>The user has another revision than the one that was meant.</summary>
    Outdated,
}

/// <summary>What became of the change of a user.</summary>
/// <param name="Verdict">Whether it is done.</param>
/// <param name="Before">The user before it, if there is one.</param>
/// <param name="After">The user after it; null when nothing was changed, or the user is deleted.</param>
public sealed record UserChangeResult(UserVerdict Verdict, UserRecord? Before = null, UserRecord? After = null);

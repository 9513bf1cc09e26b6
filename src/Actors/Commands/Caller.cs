namespace Involute.Commands;

/// <summary>Who has given a command.</summary>
/// <param name="User">The user's name, as the client says it.</param>
/// <param name="From">Where the connection comes from.</param>
/// <param name="IsLoopback">Whether that is this machine.</param>
public sealed record Caller(string User, string From, bool IsLoopback)
{
    /// <summary>The name in the certificate that the client has shown; null where connections are not encrypted.</summary>
    public string? Certificate { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{User} from {From}{(Certificate is { } name ? $" with the certificate of '{name}'" : "")}";
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Event;
using Akka.Remote.Transport.DotNetty;

namespace Involute.Actors.Cluster;

/// <summary>
/// How members of a cluster know each other: both ends show a certificate, and only known ones are let in.
/// </summary>
/// <param name="Certificate">This node's own, with its private key.</param>
/// <param name="Thumbprints">SHA-256 thumbprints (upper-case hexadecimal) of all certificates that are let in.</param>
/// <param name="Clock">Says whether a certificate is still valid.</param>
public sealed record Encryption(
    X509Certificate2 Certificate, IReadOnlyCollection<string> Thumbprints, TimeProvider Clock)
{
    /// <summary>
    /// What a certificate is known by: the SHA-256 of all of it, 64 hexadecimal digits in upper case.
    /// </summary>
    public static string Thumbprint(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    internal DotNettySslSetup ToSetup() => new(
        Certificate,
        suppressValidation: false,
        requireMutualAuthentication: true,
        customValidator: (certificate, _, peer, _, log) => IsLetIn(certificate, peer, log));

    // Chain and host name say nothing about a certificate that is known by all of its bytes; its dates still count.
    private bool IsLetIn(X509Certificate2? certificate, string peer, ILoggingAdapter log)
    {
        if (Refusal(certificate) is not { } reason)
        {
            return true;
        }

        log.Warning("a connection with {0} is refused: {1}", peer, reason);
        return false;
    }

    /// <summary>Why a certificate is not let in; null if it is.</summary>
    internal string? Refusal(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return "it shows no certificate";
        }

        var thumbprint = Thumbprint(certificate);
        if (!Thumbprints.Contains(thumbprint))
        {
            return $"its certificate {thumbprint} is not among those that this process accepts";
        }

        var now = Clock.GetUtcNow();
        return now < certificate.NotBefore || now > certificate.NotAfter
            ? $"its certificate {thumbprint} is valid from {certificate.NotBefore.ToUniversalTime():u} to "
                + $"{certificate.NotAfter.ToUniversalTime():u}"
            : null;
    }
}

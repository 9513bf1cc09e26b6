using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace Involute.Actors.Cluster;

/// <summary>How members of a cluster know each other: both ends show a certificate, and only known ones are let in.</summary>
/// <param name="Certificate">This node's own, with its private key.</param>
/// <param name="Thumbprints">SHA-1 thumbprints (as .NET prints them) of all certificates that are let in.</param>
public sealed record Encryption(X509Certificate2 Certificate, IReadOnlyList<string> Thumbprints)
{
    internal DotNettySslSetup ToSetup() => new(
        Certificate,
        suppressValidation: false,
        requireMutualAuthentication: true,
        CertificateValidation.PinnedCertificate([.. Thumbprints]));
}

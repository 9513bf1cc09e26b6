using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Involute.Actors.Cluster;
using Involute.Hosting.Commands;

namespace Involute.Hosting.Cluster;

/// <summary>A member's certificate on disk.</summary>
internal static class CertificateFile
{
    /// <summary>Reads what the options name; null without a certificate.</summary>
    /// <exception cref="CommandException">It cannot be used; one line.</exception>
    public static Encryption? Read(string? path, string? trust)
    {
        if (path is null)
        {
            return trust is null
                ? null
                : throw new CommandException(
                    ExitCode.Configuration, "--trust: says whom to let in, which needs --certificate FILE of one's own");
        }

        var certificate = Load(path);
        string[] others = [.. (trust ?? string.Empty).Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (Array.Find(others, other => other.Length != 40 || !other.All(char.IsAsciiHexDigit)) is { } wrong)
        {
            throw new CommandException(
                ExitCode.Configuration, $"--trust {wrong}: not a thumbprint; allowed: 40 hexadecimal digits");
        }

        return new Encryption(
            certificate, others.Length > 0 ? [.. others.Select(other => other.ToUpperInvariant())] : [certificate.Thumbprint]);
    }

    private static X509Certificate2 Load(string path)
    {
        try
        {
            RequirePrivate(path);
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            return certificate.HasPrivateKey
                ? Require(path, certificate)
                : throw Wrong(path, "holds no private key");
        }
        catch (CryptographicException failed)
        {
            throw Wrong(path, $"cannot be read as PKCS #12 without a password ({failed.Message})");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, failed.Message);
        }
    }

    private static X509Certificate2 Require(string path, X509Certificate2 certificate)
    {
        var now = TimeProvider.System.GetUtcNow();
        return now < certificate.NotBefore || now > certificate.NotAfter
            ? throw Wrong(path, $"is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u}, and now it is {now:u}")
            : certificate;
    }

    private static void RequirePrivate(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw Wrong(path, "others may read or write it; allowed: chmod 600");
        }
    }

    private static CommandException Wrong(string path, string problem) =>
        new(ExitCode.Configuration, $"--certificate {path}: {problem}");
}

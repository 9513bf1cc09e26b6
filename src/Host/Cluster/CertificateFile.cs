using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Involute.Actors.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Cluster;

/// <summary>A member's certificate on disk.</summary>
internal static class CertificateFile
{
    private const int ThumbprintDigits = 64;
    private const long MostBytes = 1 << 20;

    /// <summary>Reads what the options name; null without a certificate.</summary>
    /// <exception cref="CommandException">It cannot be used; one line.</exception>
    public static Encryption? Read(string? path, string? trust)
    {
        if (path is null)
        {
            return trust is null
                ? null
                : throw new CommandException(
                    ExitCode.Configuration,
                    "--trust: this process needs a certificate of its own: --certificate FILE");
        }

        string[] others = [.. (trust ?? string.Empty).Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Thumbprint)];
        if (trust is not null && others.Length == 0)
        {
            throw new CommandException(
                ExitCode.Configuration,
                "--trust: no thumbprint given; allowed: 64 hexadecimal digits, several separated by commas");
        }

        var certificate = Load(path);
        return Problem(path, certificate) is { } problem
            ? throw Wrong(path, problem)
            : new Encryption(
                certificate, others.Length > 0 ? others : [Encryption.Thumbprint(certificate)], TimeProvider.System);
    }

    /// <summary>The certificate in a file; neither its permissions nor its age are checked.</summary>
    /// <exception cref="CommandException">There is none with a private key; one line.</exception>
    public static X509Certificate2 Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw Wrong(path, $"is larger than {MostBytes} bytes: not a certificate");
            }

            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, null);
            return !certificate.HasPrivateKey ? throw Wrong(path, "holds no private key")
                : !IsItsOwn(path, certificate) ? throw Wrong(path, "the private key in it is another certificate's")
                : certificate;
        }
        catch (CryptographicException failed)
        {
            throw Wrong(path, $"cannot be read as PKCS #12 without a password ({failed.Message.TrimEnd('.')})");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, failed.Message);
        }
    }

    /// <summary>Why a member may not use a certificate; null if it may.</summary>
    public static string? Problem(string path, X509Certificate2 certificate)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
        {
            return "others may read or write it; allowed: chmod 600";
        }

        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = Validity(certificate);
        return now < from || now > to ? $"is valid from {from:u} to {to:u}, and now it is {now:u}" : null;
    }

    /// <summary>When a certificate is valid.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Validity(X509Certificate2 certificate) => (
        new DateTimeOffset(certificate.NotBefore).ToUniversalTime(),
        new DateTimeOffset(certificate.NotAfter).ToUniversalTime());

    // A file may say of any key that it is the certificate's; only a signature shows it.
    private static bool IsItsOwn(string path, X509Certificate2 certificate)
    {
        ReadOnlySpan<byte> text = "involute"u8;
        if (certificate.GetECDsaPrivateKey() is { } curve)
        {
            using (curve)
            using (var known = certificate.GetECDsaPublicKey()!)
            {
                return known.VerifyData(text, curve.SignData(text, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
            }
        }

        using var key = certificate.GetRSAPrivateKey() ?? throw Wrong(path, "its key is neither RSA nor ECDSA");
        using var own = certificate.GetRSAPublicKey()!;
        return own.VerifyData(
            text, key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
    }

    // As 'involute certs' prints it, or as openssl does: with colons, in any case.
    private static string Thumbprint(string text)
    {
        var digits = text.Replace(":", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        return digits.Length == ThumbprintDigits && digits.All(char.IsAsciiHexDigit)
            ? digits
            : throw new CommandException(
                ExitCode.Configuration,
                $"--trust {text}: not a SHA-256 thumbprint; allowed: 64 hexadecimal digits "
                + "('involute certs show FILE' prints them)");
    }

    private static CommandException Wrong(string path, string problem) =>
        new(ExitCode.Configuration, $"certificate {path}: {problem}");
}

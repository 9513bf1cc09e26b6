using System.CommandLine;
using Involute.Actors.Cluster;
using Involute.Host.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Commands;

/// <summary>
/// <c>involute certs</c>: makes and shows the certificates by which members of a cluster know each other.
/// </summary>
internal static class CertsCommand
{
    private const int LongestName = 64;

    public static Command Create() => new("certs", "Make and show certificates for the members of a cluster.")
    {
        CreateCreate(), CreateShow(),
    };

    private static Command CreateCreate()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder to write it to; created if absent." };
        var name = new Option<string>("--name")
        {
            Description = "Name of the certificate and of its file, DIR/NAME.pfx.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "involute",
        };
        var command = new Command("create", "Make a certificate with its private key; overwrites nothing.")
        {
            directory, name,
        };
        command.SetAction(parsed => Make(parsed.GetValue(directory)!, Checked(parsed.GetValue(name)!)));
        return command;
    }

    private static Command CreateShow()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A certificate with its private key (PFX without a password).",
        };
        var command = new Command("show", "Show a certificate, and whether a member may use it.") { file };
        command.SetAction(parsed => Show(parsed.GetValue(file)!));
        return command;
    }

    private static int Make(string directory, string name)
    {
        var (path, thumbprint) = NodeCertificate.Create(directory, name, TimeProvider.System);
        Console.WriteLine($"certificate  {path}");
        Console.WriteLine($"thumbprint   {thumbprint}");
        Console.WriteLine("Next, one of these:");
        Console.WriteLine(
            "  one for all    copy the file to every machine (mode 600), and start each learner and worker with");
        Console.WriteLine("                 --certificate FILE");
        Console.WriteLine(
            "  one for each   make one per machine, and start each process with its own and everybody's thumbprint:");
        Console.WriteLine("                 --certificate FILE --trust THUMBPRINT,THUMBPRINT,…");
        Console.WriteLine("Everyone who has the file can take part in the cluster.");
        return ExitCode.Ok;
    }

    private static int Show(string file)
    {
        using var certificate = CertificateFile.Load(file);
        var (from, to) = CertificateFile.Validity(certificate);
        Console.WriteLine($"certificate  {Path.GetFullPath(file)}");
        Console.WriteLine($"subject      {certificate.Subject}");
        Console.WriteLine($"thumbprint   {Encryption.Thumbprint(certificate)}");
        Console.WriteLine($"valid        {from:u} to {to:u}");
        if (CertificateFile.Problem(file, certificate) is not { } problem)
        {
            return ExitCode.Ok;
        }

        CommandErrors.Print($"certificate {file}: {problem}");
        return ExitCode.CheckFailed;
    }

    private static string Checked(string name) =>
        name.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? name
            : throw new CommandException(
                ExitCode.Configuration,
                $"--name {name}: allowed: 1 to {LongestName} letters, digits, '.', '_' and '-', "
                + "beginning with a letter or digit");
}

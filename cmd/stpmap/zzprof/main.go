package main
import ("context";"os";"os/signal";"runtime/pprof";"stpmap/cmd/stpmap/internal/command";"syscall";"time")
func main(){ f,_:=os.Create("/tmp/hard/cpu.prof"); pprof.StartCPUProfile(f)
 ctx,stop:=signal.NotifyContext(context.Background(),os.Interrupt,syscall.SIGTERM)
 defer stop()
 go func(){ <-ctx.Done(); time.Sleep(time.Second); pprof.StopCPUProfile(); os.Exit(9)}()
 s:=command.App().Run(ctx,os.Args,os.Stdin,os.Stdout,os.Stderr); pprof.StopCPUProfile(); os.Exit(s)}

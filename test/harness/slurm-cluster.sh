#!/bin/bash
# A Slurm cluster on this machine, as whoever calls: own munged, one slurmctld, and five slurmd in
# PID, UTS and mount namespaces of their own where allowed, so that nodes look like other machines.
#   n1 n2: partition main       n3 n4: partition fragile, whose nodes tests kill
#   n5: partitions low and urgent, which preempts low
#   slurm-cluster.sh start DIR            then: export SLURM_CONF=DIR/slurm.conf
#   slurm-cluster.sh stop DIR | kill-node DIR N | start-node DIR N | stop-controller DIR | start-controller DIR
# Needs, on Debian: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge
set -eu
verb=$1; dir=$(realpath -m "$2"); shift 2
me=$(id -un); host=$(hostname -s)
export SLURM_CONF=$dir/slurm.conf
PATH=$PATH:/usr/sbin
port() { # a port that nobody listens on; from the folder's name, so that two clusters differ
  local p=$(( 20000 + $(printf %s "$dir$1" | cksum | cut -d' ' -f1) % 10000 ))
  while (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; do p=$((p + 1)); done; echo $p; }
wait_for() { # seconds, then a command
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then echo "not ready: $*" >&2; tail -n 20 "$dir"/*.log >&2; return 1; fi
    sleep 0.1; done; }
isolate() { # own process ids and host name for a node, if the kernel lets us
  local user=""; [ "$(id -u)" = 0 ] || user="--user --map-current-user"
  if [ -z "${SLURM_CLUSTER_FLAT:-}" ] && unshare $user --pid --uts --mount --fork --mount-proc true 2>/dev/null
  then echo unshare $user --pid --uts --mount --fork --mount-proc --kill-child; fi; }
start_node() {
  local ns; ns=$(isolate)
  local set_name=""; [ -z "$ns" ] || [ "$(id -u)" != 0 ] || set_name="hostname n$1;"
  # A shell as process 1 of the node: it takes in the step daemons, which slurmd would leave as zombies.
  $ns sh -c "$set_name slurmd -D -N n$1 -f '$SLURM_CONF' & trap \"kill \$!\" TERM; wait; wait" >"$dir/slurmd.n$1.out" 2>&1 </dev/null &
  echo $! >"$dir/n$1.pid"; }
start_controller() {
  slurmctld -D -f "$SLURM_CONF" >"$dir/slurmctld.out" 2>&1 </dev/null & echo $! >"$dir/slurmctld.pid"; }
up() { [ "$(sinfo -h -N -t idle,mix,alloc -o %N | wc -l)" -ge "$1" ]; }
kill_pid() { # a pid file of ours, with all its children
  [ -e "$1" ] || return 0
  local pid; pid=$(cat "$1"); local all; all="$pid $(pgrep -P "$pid" || true)"
  kill -"$2" $all 2>/dev/null || true
  for p in $all; do for _ in $(seq 50); do kill -0 "$p" 2>/dev/null || break; sleep 0.1; done; kill -9 "$p" 2>/dev/null || true; done
  rm -f "$1"; }
case $verb in
  start)
    nodes=5
    mkdir -p "$dir/state"; chmod 755 "$dir"
    [ -e "$dir/munge.key" ] || (umask 077; head -c 1024 /dev/urandom >"$dir/munge.key")
    munged --force --foreground --key-file="$dir/munge.key" --socket="$dir/munge.socket" \
      --pid-file="$dir/munged.pidfile" --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" \
      >"$dir/munged.out" 2>&1 </dev/null &
    echo $! >"$dir/munged.pid"
    cat >"$SLURM_CONF" <<END
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(port ctld)
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool.%n
SlurmctldPidFile=$dir/slurmctld.pidfile
SlurmdPidFile=$dir/slurmd.%n.pidfile
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.%n.log
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
SlurmdTimeout=9
KillWait=3
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP
PartitionName=fragile Nodes=n[3-4] MaxTime=INFINITE State=UP
PartitionName=low Nodes=n5 PriorityTier=1 MaxTime=INFINITE State=UP
PartitionName=urgent Nodes=n5 PriorityTier=10 MaxTime=INFINITE State=UP
END
    for i in $(seq "$nodes"); do
      echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$(port "n$i") CPUs=2 RealMemory=4000" >>"$SLURM_CONF"
      mkdir -p "$dir/spool.n$i"
    done
    wait_for 10 test -S "$dir/munge.socket"
    start_controller
    for i in $(seq "$nodes"); do start_node "$i"; done
    wait_for 30 up "$nodes"
    echo "export SLURM_CONF=$SLURM_CONF" ;;
  start-node) start_node "$1" ;;
  kill-node) kill_pid "$dir/n$1.pid" KILL ;;
  stop-controller) kill_pid "$dir/slurmctld.pid" TERM ;;
  start-controller) start_controller ;;
  stop)
    scancel -u "$me" 2>/dev/null || true
    for f in "$dir"/n*.pid "$dir/slurmctld.pid" "$dir/munged.pid"; do kill_pid "$f" KILL; done ;;
esac
